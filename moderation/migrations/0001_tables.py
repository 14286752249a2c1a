"""All tables at once. A database that took the steps that led here, all of them, has this already."""

import core.clock
import core.fields
import core.ids
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True
    replaces = [
        ('moderation', '0001_initial'),
        ('moderation', '0003_held'),
        ('moderation', '0004_earlier_problems'),
        ('moderation', '0005_copies_to_go'),
        ('moderation', '0006_parts_go_on'),
        ('moderation', '0007_ways_to_work'),
        ('moderation', '0008_open_pages'),
        ('moderation', '0009_news_of_reports'),
        ('moderation', '0010_worries_apart'),
        ('moderation', '0011_whose_claim'),
        ('moderation', '0012_who_came_late'),
        ('moderation', '0013_automatic_help'),
        ('moderation', '0014_off_hours'),
        ('moderation', '0015_worries'),
        ('moderation', '0016_folds'),
        ('moderation', '0017_folds_switched'),
        ('moderation', '0018_what_a_team_wrote'),
    ]

    dependencies = [
        ('community', '0001_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='Case',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('public_id', models.CharField(default=core.ids.new_public_id, max_length=20, unique=True)),
                ('kind', models.CharField(choices=[('report', 'Report'), ('appeal', 'Appeal')], default='report', max_length=8)),
                ('subject_kind', models.CharField(max_length=16)),
                ('subject_id', models.CharField(max_length=20)),
                ('version', models.BigIntegerField(default=0)),
                ('text', models.TextField(blank=True)),
                ('context', models.JSONField(default=list)),
                ('place', models.CharField(blank=True, max_length=20)),
                ('is_alias', models.BooleanField(default=False)),
                ('reason', models.CharField(choices=[('needs_help', 'Someone asks for help now'), ('worried', 'I am worried about this person'), ('worried_mentioned', 'I am worried about someone they mention'), ('gives_away', 'It gives away who someone is'), ('unkind', 'It is unkind'), ('bad_advice', 'It is advice that could hurt someone'), ('spam', 'It is an advert, or does not belong here'), ('other', 'Something else')], max_length=20)),
                ('urgency', models.PositiveSmallIntegerField()),
                ('noticed', models.CharField(blank=True, choices=[('contact', 'Ways to reach someone'), ('links', 'Links from newcomers'), ('flood', 'Many messages at once'), ('phrases', "Your group's own phrases"), ('worry', 'Words of worry')], max_length=8)),
                ('state', models.CharField(choices=[('open', 'Waiting'), ('decided', 'Decided')], default='open', max_length=8)),
                ('since', models.DateTimeField()),
                ('opened_at', models.PositiveBigIntegerField(default=0)),
                ('is_to_forget', models.BooleanField(default=False)),
                ('closed_on', models.DateField(null=True)),
                ('sealed_author', models.BinaryField()),
                ('author_key', models.BinaryField(max_length=32)),
                ('holder', models.BinaryField(max_length=32, null=True)),
                ('lease_until', models.DateTimeField(null=True)),
                ('fence', models.PositiveIntegerField(default=0)),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='cases', to='community.group')),
            ],
        ),
        migrations.CreateModel(
            name='Decision',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('public_id', models.CharField(default=core.ids.new_public_id, max_length=20, unique=True)),
                ('fence', models.PositiveIntegerField()),
                ('act', models.CharField(choices=[('nothing', 'Nothing'), ('note', 'A private note'), ('ask_edit', 'Ask for a change'), ('heads_up', 'Add a heads-up'), ('hide', 'Hide the message'), ('remove', 'Remove the message'), ('slow', 'Slow down'), ('check_first', 'Check their messages first'), ('mute', 'No writing for a while'), ('ban', 'Out of the group'), ('suspend', 'Out of the whole site')], max_length=12)),
                ('scope', models.CharField(choices=[('message', 'this message'), ('thread', 'this talk'), ('group', 'this group'), ('site', 'the whole site')], default='message', max_length=8)),
                ('restricts', models.BooleanField()),
                ('days', models.PositiveIntegerField(null=True)),
                ('rule_code', models.CharField(blank=True, max_length=40)),
                ('charter_version', models.PositiveIntegerField(null=True)),
                ('facts', models.TextField(blank=True, max_length=2000)),
                ('by_machine', models.BooleanField(default=False)),
                ('appeal_until', models.DateField(null=True)),
                ('decider_key', models.BinaryField(max_length=32)),
                ('author_key', models.BinaryField(max_length=32)),
                ('decided_on', models.DateField(default=core.clock.today)),
                ('alone', models.BooleanField(default=False)),
                ('again_on', models.DateField(null=True)),
                ('looked_again_on', models.DateField(null=True)),
                ('undone_on', models.DateField(null=True)),
                ('undone_because', models.CharField(blank=True, max_length=300)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='moderation.case')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='community.member')),
            ],
        ),
        migrations.CreateModel(
            name='Appeal',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('words', models.TextField(max_length=2000)),
                ('outcome', models.CharField(blank=True, choices=[('keep', 'The decision stays'), ('change', 'The decision is changed'), ('undo', 'The decision is undone')], max_length=8)),
                ('answer', models.TextField(blank=True, max_length=2000)),
                ('answered_on', models.DateField(null=True)),
                ('first_decider_key', models.BinaryField(max_length=32)),
                ('decider_key', models.BinaryField(max_length=32, null=True)),
                ('alone', models.BooleanField(default=False)),
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='appeal', to='moderation.case')),
                ('decision', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='appeal', to='moderation.decision')),
            ],
        ),
        migrations.CreateModel(
            name='Fold',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('key', models.BinaryField(max_length=32)),
                ('until', models.DateTimeField(db_index=True, null=True)),
                ('barred_until', models.DateField(null=True)),
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='fold', to='moderation.case')),
            ],
        ),
        migrations.CreateModel(
            name='GroupCare',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('checking', models.CharField(choices=[('off', 'No message is checked first'), ('first', "A newcomer's first messages are checked first"), ('all', 'Every message is checked first')], default='off', max_length=8)),
                ('first_messages', models.PositiveSmallIntegerField(default=2)),
                ('off_hours', models.CharField(choices=[('same', 'Nothing changes'), ('slow', 'A newcomer sends one message every 30 minutes'), ('wait', "A newcomer's messages wait until the team has looked")], default='same', max_length=8)),
                ('leaders_fold', models.BooleanField(default=True)),
                ('about_me_folds', models.BooleanField(default=True)),
                ('minutes_between', models.PositiveIntegerField(default=0)),
                ('slow_until', models.DateTimeField(null=True)),
                ('handover', models.TextField(blank=True, max_length=1000)),
                ('outside_person', models.CharField(blank=True, max_length=120)),
                ('group', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='care', to='community.group')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Held',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('public_id', models.CharField(default=core.ids.new_public_id, max_length=20, unique=True)),
                ('since', models.DateTimeField()),
                ('act', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='community.dueact')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='community.group')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Look',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='looks', to='moderation.case')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='community.member')),
            ],
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('public_id', models.CharField(default=core.ids.new_public_id, max_length=20, unique=True)),
                ('key', models.BinaryField(db_index=True, max_length=32)),
                ('message', models.TextField(max_length=2000)),
                ('sent_on', models.DateField(default=core.clock.today)),
                ('is_read', models.BooleanField(default=False)),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='community.group')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='decision',
            name='notice',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='decision', to='moderation.notice'),
        ),
        migrations.CreateModel(
            name='Party',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('ref', models.CharField(max_length=20)),
                ('part', models.CharField(choices=[('author', 'Author'), ('reporter', 'Reporter'), ('mentioned', 'Mentioned'), ('blocked', 'Blocked'), ('decider', 'Decider')], max_length=10)),
                ('key', models.BinaryField(db_index=True, max_length=32)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='parties', to='moderation.case')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Queue',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('last_seq', models.BigIntegerField(default=0, editable=False)),
                ('group', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='queue', to='community.group')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='QueueEvent',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('seq', models.BigIntegerField()),
                ('kind', models.CharField(max_length=32)),
                ('ref', models.CharField(max_length=64)),
                ('stream', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='events', to='moderation.queue')),
            ],
        ),
        migrations.CreateModel(
            name='Report',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('key', models.BinaryField(max_length=32, unique=True)),
                ('reason', models.CharField(choices=[('needs_help', 'Someone asks for help now'), ('worried', 'I am worried about this person'), ('worried_mentioned', 'I am worried about someone they mention'), ('gives_away', 'It gives away who someone is'), ('unkind', 'It is unkind'), ('bad_advice', 'It is advice that could hurt someone'), ('spam', 'It is an advert, or does not belong here'), ('other', 'Something else')], max_length=20)),
                ('note', models.CharField(blank=True, max_length=500)),
                ('reported_on', models.DateField(default=core.clock.today)),
                ('question', models.CharField(blank=True, max_length=300)),
                ('answer', models.CharField(blank=True, max_length=500)),
                ('is_new', models.BooleanField(default=False)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reports', to='moderation.case')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Sanction',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('sealed', models.BinaryField()),
                ('decision', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='sanction', to='moderation.decision')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='SlowThread',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('place', models.CharField(max_length=20, unique=True)),
                ('minutes_between', models.PositiveIntegerField()),
                ('until', models.DateTimeField()),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='community.group')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Strike',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('key', models.BinaryField(db_index=True, max_length=32)),
                ('rule_code', models.CharField(max_length=40)),
                ('fades_on', models.DateField()),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='community.group')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Switch',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('contact', 'Ways to reach someone'), ('links', 'Links from newcomers'), ('flood', 'Many messages at once'), ('phrases', "Your group's own phrases"), ('worry', 'Words of worry')], max_length=8)),
                ('step', models.CharField(blank=True, choices=[('coach', 'Ask the writer to look once more. They can still send it.'), ('help', 'Show the writer where help is. They can still send it.'), ('flag', "Let it appear, and put it on the team's list."), ('hold', 'Let it wait until the team has looked.')], max_length=8)),
                ('phrases', models.TextField(blank=True)),
                ('tried_on', models.DateField(default=core.clock.today)),
                ('of_messages', models.PositiveIntegerField()),
                ('found', models.PositiveIntegerField()),
                ('is_on', models.BooleanField(default=False)),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='community.group')),
            ],
        ),
        migrations.CreateModel(
            name='Visit',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('seq', models.BigIntegerField(default=0)),
                ('shows', models.BooleanField(default=False)),
                ('keys', models.BooleanField(default=False)),
                ('open_until', models.DateTimeField(null=True)),
                ('member', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='community.member')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Worry',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('in_danger', models.BooleanField(default=False)),
                ('is_answered', models.BooleanField(default=False)),
                ('more', models.PositiveIntegerField(default=0)),
                ('asks', models.BooleanField(default=False)),
                ('check_at', models.DateTimeField(null=True)),
                ('note_until', models.DateField(null=True)),
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='worry', to='moderation.case')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='DutyMail',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='community.member')),
                ('worry', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mails', to='moderation.worry')),
            ],
        ),
        migrations.CreateModel(
            name='Written',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('nth', models.PositiveIntegerField()),
                ('notice', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='written', to='moderation.notice')),
                ('worry', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='written', to='moderation.worry')),
            ],
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['group', 'state', 'urgency', 'since'], name='cases_by_urgency'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'open'), models.Q(('reason__in', ['needs_help', 'worried', 'worried_mentioned']), _negated=True)), fields=('subject_kind', 'subject_id'), name='one_open_case_a_thing'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'open'), ('reason__in', ['needs_help', 'worried', 'worried_mentioned'])), fields=('subject_kind', 'subject_id'), name='one_open_worry_a_thing'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(('holder', None), ('lease_until__isnull', False), _connector='OR'), name='a_claim_has_an_end'),
        ),
        migrations.AddConstraint(
            model_name='appeal',
            constraint=models.CheckConstraint(condition=models.Q(('outcome', ''), models.Q(models.Q(('answer', ''), _negated=True), ('answered_on__isnull', False), ('decider_key__isnull', False)), _connector='OR'), name='an_outcome_has_an_answer'),
        ),
        migrations.AddConstraint(
            model_name='appeal',
            constraint=models.CheckConstraint(condition=models.Q(('decider_key', None), ('alone', True), models.Q(('decider_key', models.F('first_decider_key')), _negated=True), _connector='OR'), name='somebody_else_looks_again'),
        ),
        migrations.AddConstraint(
            model_name='fold',
            constraint=models.UniqueConstraint(fields=('key',), name='one_fold_a_person'),
        ),
        migrations.AddConstraint(
            model_name='fold',
            constraint=models.CheckConstraint(condition=models.Q(('until', None), ('barred_until', None), _connector='OR'), name='what_bars_is_no_longer_folded'),
        ),
        migrations.AddConstraint(
            model_name='look',
            constraint=models.UniqueConstraint(fields=('case', 'member'), name='one_look'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.UniqueConstraint(fields=('case', 'fence'), name='one_decision_a_claim'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.UniqueConstraint(condition=models.Q(('undone_on', None)), fields=('case',), name='one_decision_holds'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(('decider_key', models.F('author_key')), _negated=True), name='nobody_decides_their_own'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(('restricts', False), models.Q(models.Q(('rule_code', ''), _negated=True), models.Q(('scope', ''), _negated=True), ('appeal_until__isnull', False), ('charter_version__isnull', False), ('facts__length__gte', 20), ('notice__isnull', False)), _connector='OR'), name='reasons_are_complete'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(('restricts', True), ('act__in', ['nothing', 'note']), _connector='OR'), name='what_restricts_says_so'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('act__in', ['slow', 'check_first', 'mute', 'ban', 'suspend']), _negated=True), ('days__isnull', False), _connector='OR'), name='limits_have_an_end'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(('alone', False), ('again_on__isnull', False), _connector='OR'), name='alone_is_looked_at_again'),
        ),
        migrations.AddConstraint(
            model_name='queueevent',
            constraint=models.UniqueConstraint(fields=('stream', 'seq'), name='queue_event_once'),
        ),
        migrations.AddConstraint(
            model_name='switch',
            constraint=models.UniqueConstraint(fields=('group', 'kind', 'is_on'), name='one_switch_of_a_kind'),
        ),
        migrations.AddConstraint(
            model_name='switch',
            constraint=models.CheckConstraint(condition=models.Q(('found__lte', models.F('of_messages'))), name='no_more_found_than_tried'),
        ),
        migrations.AddConstraint(
            model_name='switch',
            constraint=models.CheckConstraint(condition=models.Q(('is_on', False), models.Q(('step', ''), _negated=True), _connector='OR'), name='what_is_on_does_something'),
        ),
        migrations.AddConstraint(
            model_name='switch',
            constraint=models.CheckConstraint(condition=models.Q(('kind', 'phrases'), ('phrases', ''), _connector='OR'), name='phrases_are_for_phrases'),
        ),
        migrations.AddConstraint(
            model_name='dutymail',
            constraint=models.UniqueConstraint(fields=('worry', 'member'), name='one_mail_a_worry'),
        ),
        migrations.AddConstraint(
            model_name='written',
            constraint=models.UniqueConstraint(fields=('worry', 'nth'), name='one_after_another'),
        ),
    ]
