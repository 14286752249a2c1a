"""All tables at once. A database that took the steps that led here, all of them, has this already."""

import core.clock
import core.fields
import core.ids
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True
    replaces = [
        ('community', '0001_initial'),
        ('community', '0003_due_acts'),
        ('community', '0004_names_policies'),
        ('community', '0005_disclosures'),
        ('community', '0006_look_alikes'),
        ('community', '0007_counted_no_further'),
        ('community', '0008_limits'),
        ('community', '0009_limits_follow_who_left'),
        ('community', '0010_roles_on_record'),
        ('community', '0011_resources'),
        ('community', '0012_announcements'),
        ('community', '0013_own_lists'),
        ('community', '0014_badges_by_two'),
        ('community', '0015_joint_statements'),
        ('community', '0016_suggestions_answered'),
        ('community', '0017_duty_address'),
        ('community', '0018_duty_address_confirmed'),
        ('community', '0019_marks_of_places'),
        ('community', '0020_leavers'),
        ('community', '0021_lines'),
    ]

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='DueAct',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('key', models.BinaryField(db_index=True, max_length=32)),
                ('due_at', models.DateTimeField(db_index=True, null=True)),
                ('drop_on', models.DateField(null=True)),
                ('epoch', models.CharField(max_length=7)),
                ('sealed', models.BinaryField()),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Group',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('public_id', models.CharField(default=core.ids.new_public_id, max_length=20, unique=True)),
                ('name', models.CharField(max_length=80)),
                ('kind', models.CharField(choices=[('condition', 'A condition'), ('carers', 'Caring for someone'), ('parents', 'Being a parent'), ('profession', 'A job'), ('other', 'Something else')], max_length=16)),
                ('visibility', models.CharField(choices=[('open', 'Open: anyone signed in can join'), ('closed', 'Closed: ask to join'), ('hidden', 'Hidden: by invitation only')], default='closed', max_length=8)),
                ('languages', models.JSONField(default=list)),
                ('summary', models.TextField(max_length=500)),
                ('for_whom', models.TextField(blank=True, max_length=500)),
                ('heads_ups', models.JSONField(default=list)),
                ('join_question', models.CharField(blank=True, max_length=300)),
                ('requests_looked_at', models.CharField(blank=True, max_length=120)),
                ('moderated', models.BooleanField(default=True)),
                ('has_professionals', models.BooleanField(default=False)),
                ('professionals_note', models.CharField(blank=True, max_length=300)),
                ('partner', models.CharField(blank=True, max_length=200)),
                ('response_hours', models.PositiveSmallIntegerField(default=0)),
                ('research_policy', models.CharField(blank=True, max_length=300)),
                ('time_zone', models.CharField(default='Europe/London', max_length=64)),
                ('charter_version', models.PositiveIntegerField(default=1)),
                ('names_version', models.PositiveIntegerField(default=0)),
                ('announced_until', models.DateField(null=True)),
                ('tone', models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Leaver',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('key', models.BinaryField(max_length=32, unique=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='OwnList',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('key', models.BinaryField(max_length=32, unique=True)),
                ('sealed', models.BinaryField()),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Region',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=12, unique=True)),
                ('name', models.CharField(max_length=80)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='SiteCode',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('fingerprint', models.BinaryField(max_length=32, unique=True)),
                ('expires_on', models.DateField()),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='SiteRole',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('owner_tag', models.BinaryField(max_length=32, unique=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='StandingStream',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('last_seq', models.BigIntegerField(default=0, editable=False)),
                ('name', models.CharField(default='standings', max_length=16, unique=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Charter',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField()),
                ('purpose', models.TextField()),
                ('what_it_is_not', models.JSONField(default=list)),
                ('who_can_see', models.TextField()),
                ('third_party_privacy', models.TextField()),
                ('easy_read', models.TextField(blank=True)),
                ('published_on', models.DateField()),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='charters', to='community.group')),
            ],
        ),
        migrations.CreateModel(
            name='AnonymityPolicy',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField()),
                ('name', models.CharField(max_length=60)),
                ('one_thread', models.CharField(choices=[('first', 'First'), ('available', 'Available'), ('off', 'Off')], max_length=9)),
                ('asks', models.JSONField(default=dict)),
                ('what_matters', models.CharField(choices=[('shown', 'Shown'), ('with_words', 'With Words')], max_length=10)),
                ('times', models.CharField(choices=[('days', 'Days'), ('hours', 'Hours')], max_length=5)),
                ('rhythm', models.BooleanField()),
                ('published_on', models.DateField()),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='names_versions', to='community.group')),
            ],
        ),
        migrations.CreateModel(
            name='Announcement',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('public_id', models.CharField(default=core.ids.new_public_id, max_length=20, unique=True)),
                ('title', models.CharField(max_length=120)),
                ('text', models.TextField(max_length=3000)),
                ('html', models.TextField()),
                ('reach', models.CharField(choices=[('members', 'Members of this group'), ('link', 'Anyone with the link'), ('print', 'Members, as a page to print and hand out')], max_length=8)),
                ('published_on', models.DateField(default=core.clock.today)),
                ('ends_on', models.DateField()),
                ('for_whom', models.CharField(blank=True, max_length=120)),
                ('behind', models.CharField(blank=True, choices=[('5', 'Five'), ('10', 'Ten'), ('20', 'Twenty'), ('50', 'Fifty'), ('100', 'Hundred')], max_length=3)),
                ('answer_html', models.TextField(blank=True)),
                ('answered_on', models.DateField(null=True)),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='announcements', to='community.group')),
            ],
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('public_id', models.CharField(default=core.ids.new_public_id, max_length=20, unique=True)),
                ('fingerprint', models.BinaryField(max_length=32, unique=True)),
                ('kind', models.CharField(choices=[('link', 'Link'), ('card', 'Card')], max_length=4)),
                ('label', models.CharField(blank=True, max_length=60)),
                ('uses_left', models.PositiveIntegerField()),
                ('used', models.PositiveIntegerField(default=0)),
                ('used_today', models.PositiveIntegerField(default=0)),
                ('counted_on', models.DateField(default=core.clock.today)),
                ('expires_on', models.DateField()),
                ('role', models.CharField(choices=[('member', 'member'), ('peer_leader', 'peer leader'), ('moderator', 'moderator'), ('lead', 'group lead'), ('researcher', 'researcher')], default='member', max_length=12)),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to='community.group')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='JoinRequest',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('public_id', models.CharField(default=core.ids.new_public_id, max_length=20, unique=True)),
                ('owner_tag', models.BinaryField(max_length=32, unique=True)),
                ('answer', models.TextField(blank=True, max_length=1000)),
                ('accepted_version', models.PositiveIntegerField()),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('declined', 'Declined')], default='waiting', max_length=8)),
                ('note', models.CharField(blank=True, max_length=300)),
                ('asked_on', models.DateField(default=core.clock.today)),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='join_requests', to='community.group')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Member',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('owner_tag', models.BinaryField(max_length=32, unique=True)),
                ('role', models.CharField(choices=[('member', 'member'), ('peer_leader', 'peer leader'), ('moderator', 'moderator'), ('lead', 'group lead'), ('researcher', 'researcher')], default='member', max_length=12)),
                ('accepted_version', models.PositiveIntegerField()),
                ('judges_since', models.PositiveBigIntegerField(default=0)),
                ('joined_month', models.DateField(default=core.clock.this_month)),
                ('left_month', models.DateField(null=True)),
                ('sealed_tag', models.BinaryField(default=bytes)),
                ('off_rota', models.BooleanField(default=False)),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='members', to='community.group')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='DutyAddress',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('sealed', models.BinaryField()),
                ('code', models.BinaryField(default=bytes, max_length=32)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('asked_on', models.DateField(null=True)),
                ('member', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='duty_address', to='community.member')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Disclosure',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=40)),
                ('level', models.CharField(max_length=40)),
                ('audience', models.CharField(choices=[('only_me', 'Only me'), ('moderators', 'Moderators'), ('group', 'Everyone in this group')], max_length=10)),
                ('path', models.CharField(max_length=400)),
                ('group', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='community.group')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='disclosures', to='community.member')),
            ],
        ),
        migrations.CreateModel(
            name='Badge',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('public_id', models.CharField(default=core.ids.new_public_id, max_length=20, unique=True)),
                ('key', models.BinaryField(default=core.ids.new_secret, max_length=32, unique=True)),
                ('proposed_at', models.PositiveBigIntegerField(default=0)),
                ('proposed_on', models.DateField(default=core.clock.today)),
                ('role', models.CharField(max_length=60)),
                ('proof', models.CharField(choices=[('register', 'An entry in the public register of this job'), ('paper', 'A certificate or a work pass'), ('word', 'Word from the organisation'), ('course', 'A training course that was finished')], max_length=10)),
                ('organisation', models.CharField(blank=True, max_length=80)),
                ('pay', models.CharField(blank=True, choices=[('paid', 'paid'), ('unpaid', 'unpaid')], max_length=6)),
                ('checked_month', models.DateField(null=True)),
                ('expires_on', models.DateField(null=True)),
                ('by_two', models.BooleanField(default=False)),
                ('is_worn', models.BooleanField(default=False)),
                ('shows_organisation', models.BooleanField(default=False)),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='badges', to='community.member')),
            ],
        ),
        migrations.CreateModel(
            name='OffDuty',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('until', models.DateTimeField()),
                ('member', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='off_duty', to='community.member')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Persona',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('public_id', models.CharField(default=core.ids.new_public_id, max_length=20, unique=True)),
                ('handle', models.CharField(max_length=40)),
                ('handle_key', models.CharField(max_length=40)),
                ('about', models.CharField(blank=True, max_length=300)),
                ('line', models.BigIntegerField(default=core.ids.new_key)),
                ('avatar_id', models.CharField(default=core.ids.new_public_id, max_length=20, unique=True)),
                ('avatar_svg', models.TextField()),
                ('is_current', models.BooleanField(default=True)),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='community.group')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='personas', to='community.member')),
            ],
        ),
        migrations.CreateModel(
            name='Resource',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('public_id', models.CharField(default=core.ids.new_public_id, max_length=20, unique=True)),
                ('key', models.BinaryField(max_length=32, unique=True)),
                ('title', models.CharField(max_length=120)),
                ('note', models.CharField(blank=True, max_length=400)),
                ('link', models.CharField(blank=True, max_length=300)),
                ('is_shelved', models.BooleanField(default=False)),
                ('role', models.CharField(blank=True, max_length=60)),
                ('is_badge', models.BooleanField(default=False)),
                ('reviewed_on', models.DateField(null=True)),
                ('expires_on', models.DateField(null=True)),
                ('answer', models.CharField(blank=True, max_length=400)),
                ('answered_on', models.DateField(null=True)),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='resources', to='community.group')),
            ],
        ),
        migrations.CreateModel(
            name='Rule',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=40)),
                ('position', models.PositiveSmallIntegerField()),
                ('text', models.TextField()),
                ('example', models.TextField(blank=True)),
                ('consequence', models.TextField(blank=True)),
                ('charter', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rules', to='community.charter')),
            ],
        ),
        migrations.CreateModel(
            name='Service',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=120)),
                ('what_for', models.CharField(max_length=200)),
                ('languages', models.CharField(max_length=120)),
                ('hours', models.CharField(max_length=200)),
                ('channels', models.CharField(max_length=60)),
                ('phone', models.CharField(blank=True, max_length=60)),
                ('text_number', models.CharField(blank=True, max_length=120)),
                ('website', models.URLField(blank=True, max_length=300)),
                ('cost', models.CharField(blank=True, max_length=80)),
                ('verified_on', models.DateField(blank=True, null=True)),
                ('source', models.URLField(blank=True, max_length=400)),
                ('position', models.PositiveIntegerField(default=0)),
                ('region', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='services', to='community.region')),
            ],
        ),
        migrations.CreateModel(
            name='Shift',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('public_id', models.CharField(default=core.ids.new_public_id, max_length=20, unique=True)),
                ('weekday', models.PositiveSmallIntegerField()),
                ('starts', models.TimeField()),
                ('ends', models.TimeField()),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='shifts', to='community.group')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='shifts', to='community.member')),
            ],
        ),
        migrations.CreateModel(
            name='Standing',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('owner_tag', models.BinaryField(db_index=True, max_length=32)),
                ('place', models.CharField(blank=True, max_length=20)),
                ('may_read', models.BooleanField(default=True)),
                ('may_post', models.BooleanField(default=True)),
                ('is_checked_first', models.BooleanField(default=False)),
                ('minutes_between', models.PositiveIntegerField(default=0)),
                ('until', models.DateTimeField(null=True)),
                ('site_wide', models.BooleanField(default=False)),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='standings', to='community.group')),
            ],
        ),
        migrations.CreateModel(
            name='StandingEvent',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('seq', models.BigIntegerField()),
                ('kind', models.CharField(max_length=32)),
                ('ref', models.CharField(max_length=64)),
                ('stream', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='community.standingstream')),
            ],
        ),
        migrations.AddConstraint(
            model_name='charter',
            constraint=models.UniqueConstraint(fields=('group', 'version'), name='charter_version_once'),
        ),
        migrations.AddConstraint(
            model_name='anonymitypolicy',
            constraint=models.UniqueConstraint(fields=('group', 'version'), name='names_version_once'),
        ),
        migrations.AddConstraint(
            model_name='anonymitypolicy',
            constraint=models.CheckConstraint(condition=models.Q(('one_thread__in', ['first', 'available', 'off']), ('times__in', ['days', 'hours']), ('what_matters__in', ['shown', 'with_words'])), name='names_floor'),
        ),
        migrations.AddConstraint(
            model_name='announcement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answered_on', None), ('behind', ''), ('for_whom', '')), models.Q(models.Q(('for_whom', ''), _negated=True), models.Q(('behind', ''), _negated=True)), _connector='OR'), name='a_joint_statement_says_how_many'),
        ),
        migrations.AddConstraint(
            model_name='announcement',
            constraint=models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('published_on'))), name='announcement_ends_later'),
        ),
        migrations.AddIndex(
            model_name='disclosure',
            index=models.Index(fields=['group', 'audience', 'member', 'kind', 'path'], name='disclosure_seen_by'),
        ),
        migrations.AddConstraint(
            model_name='disclosure',
            constraint=models.UniqueConstraint(fields=('member', 'kind'), name='disclosure_once_a_kind'),
        ),
        migrations.AddConstraint(
            model_name='badge',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('by_two', False), ('checked_month__isnull', True), ('expires_on__isnull', True), ('is_worn', False)), models.Q(('checked_month__isnull', False), ('expires_on__isnull', False)), _connector='OR'), name='a_badge_is_checked_before_it_holds'),
        ),
        migrations.AddConstraint(
            model_name='badge',
            constraint=models.CheckConstraint(condition=models.Q(('organisation', ''), models.Q(('pay', ''), _negated=True), _connector='OR'), name='an_organisation_says_whether_it_pays'),
        ),
        migrations.AddIndex(
            model_name='persona',
            index=models.Index(condition=models.Q(('is_current', True)), fields=['group', 'member', 'is_current'], name='current_names_by_member'),
        ),
        migrations.AddConstraint(
            model_name='persona',
            constraint=models.UniqueConstraint(fields=('group', 'handle_key'), name='handle_once_in_a_group'),
        ),
        migrations.AddConstraint(
            model_name='persona',
            constraint=models.UniqueConstraint(condition=models.Q(('is_current', True)), fields=('member',), name='one_current_persona'),
        ),
        migrations.AddConstraint(
            model_name='resource',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('answered_on', None)), models.Q(('answered_on__isnull', False), ('is_shelved', False), models.Q(('answer', ''), _negated=True)), _connector='OR'), name='what_is_not_taken_is_answered'),
        ),
        migrations.AddConstraint(
            model_name='resource',
            constraint=models.CheckConstraint(condition=models.Q(('is_shelved', False), models.Q(('expires_on__isnull', False), ('reviewed_on__isnull', False)), _connector='OR'), name='what_is_on_the_shelf_was_looked_at'),
        ),
        migrations.AddConstraint(
            model_name='rule',
            constraint=models.UniqueConstraint(fields=('charter', 'code'), name='rule_code_once'),
        ),
        migrations.AddConstraint(
            model_name='service',
            constraint=models.UniqueConstraint(fields=('region', 'name'), name='service_once_in_a_region'),
        ),
        migrations.AddConstraint(
            model_name='shift',
            constraint=models.UniqueConstraint(fields=('member', 'weekday', 'starts', 'ends'), name='shift_once'),
        ),
        migrations.AddIndex(
            model_name='standing',
            index=models.Index(condition=models.Q(('site_wide', True)), fields=['group'], name='limits_of_the_whole_site'),
        ),
        migrations.AddConstraint(
            model_name='standingevent',
            constraint=models.UniqueConstraint(fields=('stream', 'seq'), name='standing_event_once'),
        ),
    ]
