"""All tables at once. A database that took the steps that led here, all of them, has this already."""

import core.clock
import core.fields
import core.ids
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True
    replaces = [
        ('research', '0001_initial'),
        ('research', '0003_pause_and_ethics'),
        ('research', '0004_frozen_rounds'),
        ('research', '0005_presence'),
        ('research', '0006_field_notes'),
        ('research', '0007_quotes'),
        ('research', '0008_rooms'),
        ('research', '0009_tallies'),
        ('research', '0010_exports'),
        ('research', '0011_left_by_lot'),
        ('research', '0012_making_files'),
        ('research', '0013_one_thread_names'),
        ('research', '0014_counts_once_a_day'),
    ]

    dependencies = [
        ('chat', '0001_tables'),
        ('community', '0001_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='Arm',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=1)),
                ('title', models.CharField(max_length=80)),
                ('policy', models.JSONField(default=dict)),
                ('weight', models.PositiveSmallIntegerField(default=1)),
            ],
        ),
        migrations.CreateModel(
            name='Colleague',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('key', models.BinaryField(max_length=32, unique=True)),
                ('role', models.CharField(choices=[('lead', 'lead researcher'), ('researcher', 'researcher'), ('analyst', 'analyst')], max_length=10)),
                ('label', models.CharField(max_length=60)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ConsentDocument',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField()),
                ('body', models.JSONField()),
                ('digest', models.CharField(max_length=64)),
                ('is_material', models.BooleanField(default=True)),
                ('published_on', models.DateField()),
            ],
        ),
        migrations.CreateModel(
            name='Export',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('public_id', models.CharField(default=core.ids.new_public_id, max_length=20, unique=True)),
                ('tier', models.CharField(choices=[('t0', 'study-team file'), ('t1', 'file for a named recipient'), ('t3', 'totals')], max_length=2)),
                ('state', models.CharField(choices=[('reading', 'messages are to be read first'), ('refused', 'the check said no'), ('waiting', 'waiting for the second person'), ('approved', 'can be fetched'), ('turneddown', 'the second person said no'), ('takenback', 'taken back'), ('stale', 'something has changed: make it again')], default='reading', max_length=10)),
                ('recipe', models.JSONField()),
                ('recipient', models.CharField(blank=True, max_length=200)),
                ('agreement', models.CharField(blank=True, max_length=200)),
                ('asked_by', models.BinaryField(max_length=32)),
                ('decided_by', models.BinaryField(max_length=32, null=True)),
                ('sealed_reading', models.BinaryField(null=True)),
                ('digest', models.CharField(blank=True, max_length=64)),
                ('people', models.PositiveIntegerField(default=0)),
                ('found', models.JSONField(default=list)),
                ('trace', models.JSONField(default=list)),
                ('asked_on', models.DateField(default=core.clock.today)),
                ('decided_on', models.DateField(null=True)),
                ('until', models.DateField(null=True)),
                ('fetched_on', models.DateField(null=True)),
                ('gone_on', models.DateField(null=True)),
                ('wanted', models.CharField(blank=True, choices=[('check', 'to be checked'), ('decide', 'to be let go'), ('fetch', 'to be fetched')], max_length=6)),
                ('wanted_by', models.BinaryField(max_length=32, null=True)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('refusal', models.CharField(blank=True, max_length=300)),
                ('sealed_made', models.BinaryField(null=True)),
                ('made_over', models.CharField(blank=True, max_length=64)),
                ('made_until', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Room',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('public_id', models.CharField(default=core.ids.new_public_id, max_length=20, unique=True)),
                ('last_seq', models.BigIntegerField(default=0)),
                ('opened_on', models.DateField(default=core.clock.today)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='FieldNote',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('public_id', models.CharField(default=core.ids.new_public_id, max_length=20, unique=True)),
                ('kind', models.CharField(choices=[('observational', 'what was seen'), ('methodological', 'how we go about it'), ('reflexive', 'about myself in it'), ('theoretical', 'what it may mean')], max_length=14)),
                ('week', models.PositiveSmallIntegerField()),
                ('colleague', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='research.colleague')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='community.group')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Instrument',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=40)),
                ('version', models.CharField(max_length=20)),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('definition', models.JSONField()),
                ('taken_in_on', models.DateField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('code', 'version'), name='instrument_version_once')],
            },
        ),
        migrations.CreateModel(
            name='OnceName',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('key', models.BinaryField(max_length=32, unique=True)),
                ('sealed', models.BinaryField()),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='community.group')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='OutsideStudy',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('public_id', models.CharField(default=core.ids.new_public_id, max_length=20, unique=True)),
                ('title', models.CharField(max_length=120)),
                ('begins_on', models.DateField()),
                ('ends_on', models.DateField()),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='community.group')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Participant',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('key', models.BinaryField(max_length=32, unique=True)),
                ('pid', models.CharField(max_length=20)),
                ('part', models.CharField(choices=[('in', 'taking part'), ('refused', 'said no'), ('stopped', 'stopped: what there is may be used'), ('excluded', 'stopped: nothing may be used'), ('gone', 'deleted: nothing names anybody, and it goes on its day by lot')], default='in', max_length=8)),
                ('since', models.DateField()),
                ('left_on', models.DateField(null=True)),
                ('goes_on', models.DateField(null=True)),
                ('arm', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='research.arm')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='community.group')),
            ],
        ),
        migrations.CreateModel(
            name='RoomFace',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('public_id', models.CharField(default=core.ids.new_public_id, max_length=20, unique=True)),
                ('key', models.BinaryField(db_index=True, max_length=32)),
                ('sealed_owner_tag', models.BinaryField(default=bytes)),
                ('once', models.CharField(blank=True, max_length=40)),
                ('persona', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='community.persona')),
                ('room', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='faces', to='research.room')),
            ],
        ),
        migrations.CreateModel(
            name='RoomGuest',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('key', models.BinaryField(max_length=32, unique=True)),
                ('room', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='guests', to='research.room')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='RoomPost',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('public_id', models.CharField(default=core.ids.new_public_id, max_length=20, unique=True)),
                ('seq', models.BigIntegerField()),
                ('text', models.TextField()),
                ('html', models.TextField()),
                ('posted_on', models.DateField(default=core.clock.today)),
                ('by_researcher', models.BooleanField(default=False)),
                ('is_edited', models.BooleanField(default=False)),
                ('state', models.CharField(choices=[('shown', 'Shown'), ('deleted', 'Deleted'), ('hidden', 'Hidden'), ('removed', 'Removed'), ('asked', 'Asked')], default='shown', max_length=8)),
                ('heads_up', models.CharField(blank=True, max_length=40)),
                ('version', models.PositiveIntegerField(default=1)),
                ('face', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='posts', to='research.roomface')),
                ('room', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='posts', to='research.room')),
            ],
        ),
        migrations.CreateModel(
            name='Source',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('key', models.BinaryField(max_length=32, unique=True)),
                ('pid', models.CharField(max_length=20)),
                ('part', models.CharField(choices=[('in', 'taking part'), ('refused', 'said no'), ('stopped', 'stopped: what there is may be used'), ('excluded', 'stopped: nothing may be used'), ('gone', 'deleted: nothing names anybody, and it goes on its day by lot')], default='in', max_length=8)),
                ('since', models.DateField()),
                ('until', models.DateField(null=True)),
                ('goes_on', models.DateField(null=True)),
                ('as_left', models.JSONField(null=True)),
                ('arm', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='research.arm')),
                ('member', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='community.member')),
                ('participant', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='research.participant')),
            ],
        ),
        migrations.CreateModel(
            name='ExportSubject',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('number', models.CharField(max_length=20)),
                ('export', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='subjects', to='research.export')),
                ('once', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='research.oncename')),
                ('participant', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='research.participant')),
                ('source', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='research.source')),
            ],
        ),
        migrations.CreateModel(
            name='Anchor',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('start', models.PositiveIntegerField()),
                ('length', models.PositiveIntegerField()),
                ('mark', models.BinaryField(max_length=32)),
                ('post', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='chat.post')),
                ('note', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='anchors', to='research.fieldnote')),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(class)ss', to='research.source')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Study',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('public_id', models.CharField(default=core.ids.new_public_id, max_length=20, unique=True)),
                ('state', models.CharField(choices=[('draft', 'being set up'), ('approved', 'approved, not open yet'), ('inviting', 'open: people can say yes'), ('running', 'running: nobody new'), ('closed', 'over')], default='draft', max_length=8)),
                ('is_paused', models.BooleanField(default=False)),
                ('paused_because', models.CharField(blank=True, choices=[('team', 'somebody who works on it'), ('group', 'the lead of a group'), ('rule', 'one of its own stop rules')], max_length=20)),
                ('seen_counts', models.JSONField(default=dict)),
                ('told_and_gone', models.PositiveIntegerField(default=0)),
                ('unit', models.CharField(choices=[('group', 'whole groups, in pairs'), ('person', 'each person')], default='person', max_length=6)),
                ('joins', models.BooleanField(default=False)),
                ('draft', models.JSONField(default=dict)),
                ('sealed_key', models.BinaryField()),
                ('protocol_version', models.PositiveIntegerField(default=0)),
                ('consent_version', models.PositiveIntegerField(default=0)),
                ('ethics_until', models.DateField(null=True)),
                ('opened_on', models.DateField(null=True)),
                ('closed_on', models.DateField(null=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'approved', 'inviting', 'running', 'closed']), ('unit__in', ['group', 'person'])), name='study_state_known'), models.CheckConstraint(condition=models.Q(('state', 'draft'), models.Q(('consent_version__gt', 0), ('protocol_version__gt', 0)), _connector='OR'), name='study_has_protocol_and_consent'), models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'approved']), ('opened_on__isnull', False), _connector='OR'), name='study_opened_on_a_day')],
            },
        ),
        migrations.CreateModel(
            name='StillCounted',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('goes_on', models.DateField()),
                ('rounds', models.JSONField()),
                ('arm', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='research.arm')),
                ('study', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='research.study')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='source',
            name='study',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sources', to='research.study'),
        ),
        migrations.CreateModel(
            name='Seat',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('member', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='community.member')),
                ('study', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='seats', to='research.study')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='SafetyEntry',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('public_id', models.CharField(default=core.ids.new_public_id, max_length=20, unique=True)),
                ('happened_on', models.DateField()),
                ('severity', models.CharField(choices=[('mild', 'mild'), ('serious', 'serious')], max_length=8)),
                ('related', models.CharField(choices=[('yes', 'yes'), ('perhaps', 'perhaps'), ('no', 'no')], max_length=8)),
                ('sealed', models.BinaryField()),
                ('handled_on', models.DateField(null=True)),
                ('study', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='safety', to='research.study')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Recall',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('pid', models.CharField(max_length=20)),
                ('since', models.DateField()),
                ('export', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='recalls', to='research.export')),
                ('study', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='recalls', to='research.study')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='QuoteAsk',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('start', models.PositiveIntegerField()),
                ('length', models.PositiveIntegerField()),
                ('mark', models.BinaryField(max_length=32)),
                ('public_id', models.CharField(default=core.ids.new_public_id, max_length=20, unique=True)),
                ('sealed', models.BinaryField()),
                ('answer', models.CharField(choices=[('waiting', 'no answer yet'), ('verbatim', 'yes, word for word'), ('reworded', 'yes, but only in other words'), ('no', 'no'), ('taken_back', 'taken back')], default='waiting', max_length=10)),
                ('asked_on', models.DateField(default=core.clock.today)),
                ('answered_on', models.DateField(null=True)),
                ('released_on', models.DateField(null=True)),
                ('post', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='chat.post')),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(class)ss', to='research.source')),
                ('study', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='quotes', to='research.study')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Protocol',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField()),
                ('settings', models.JSONField()),
                ('digest', models.CharField(max_length=64)),
                ('change_note', models.CharField(blank=True, max_length=500)),
                ('is_material', models.BooleanField(default=True)),
                ('published_on', models.DateField()),
                ('study', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='protocols', to='research.study')),
            ],
        ),
        migrations.CreateModel(
            name='Presence',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('on_day', models.DateField(default=core.clock.today)),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='community.group')),
                ('thread', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='chat.thread')),
                ('study', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='presence', to='research.study')),
            ],
        ),
        migrations.AddField(
            model_name='participant',
            name='study',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='participants', to='research.study'),
        ),
        migrations.AddField(
            model_name='oncename',
            name='study',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='research.study'),
        ),
        migrations.AddField(
            model_name='fieldnote',
            name='study',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notes', to='research.study'),
        ),
        migrations.AddField(
            model_name='export',
            name='study',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='exports', to='research.study'),
        ),
        migrations.CreateModel(
            name='Departure',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('scope', models.CharField(choices=[('stop', 'Stop'), ('exclude', "Stop, and don't use what there is"), ('delete', 'Stop, and delete what there is')], max_length=8)),
                ('week', models.PositiveSmallIntegerField()),
                ('shows_on', models.DateField(null=True)),
                ('arm', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='research.arm')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='community.group')),
                ('study', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='departures', to='research.study')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='DaySheet',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('on', models.DateField()),
                ('counts', models.JSONField()),
                ('study', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='sheet', to='research.study')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ConsentEvent',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('key', models.BinaryField(db_index=True, max_length=32)),
                ('nth', models.PositiveIntegerField()),
                ('item', models.CharField(choices=[('surveys', 'answer questions'), ('activity', 'count how often I write, never what'), ('posts', 'read my messages under my name here'), ('alias_posts', 'read my messages under one-thread names'), ('quotes', 'ask me before quoting me'), ('link', 'put my answers and my writing side by side')], max_length=12)),
                ('answer', models.CharField(choices=[('given', 'yes'), ('refused', 'no'), ('withdrawn', 'taken back'), ('superseded', 'to be asked again')], max_length=10)),
                ('on_day', models.DateField()),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='research.consentdocument')),
                ('study', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='research.study')),
            ],
        ),
        migrations.AddField(
            model_name='consentdocument',
            name='study',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='documents', to='research.study'),
        ),
        migrations.AddField(
            model_name='colleague',
            name='study',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='colleagues', to='research.study'),
        ),
        migrations.AddField(
            model_name='arm',
            name='study',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='arms', to='research.study'),
        ),
        migrations.CreateModel(
            name='AllocationList',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('stratum', models.CharField(max_length=40)),
                ('sealed_seed', models.BinaryField()),
                ('commitment', models.CharField(max_length=64)),
                ('taken', models.PositiveIntegerField(default=0)),
                ('revealed_on', models.DateField(null=True)),
                ('study', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lists', to='research.study')),
            ],
        ),
        migrations.CreateModel(
            name='StudyCode',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('role', models.CharField(choices=[('lead', 'lead researcher'), ('researcher', 'researcher'), ('analyst', 'analyst')], max_length=10)),
                ('fingerprint', models.BinaryField(max_length=32, unique=True)),
                ('expires_on', models.DateField()),
                ('study', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, to='research.study')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='StudyGroup',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('state', models.CharField(choices=[('asked', 'asked'), ('agreed', 'yes'), ('declined', 'no'), ('ended', 'taken back')], default='asked', max_length=8)),
                ('pair', models.PositiveSmallIntegerField(default=0)),
                ('note', models.CharField(blank=True, max_length=500)),
                ('asked_on', models.DateField()),
                ('answered_on', models.DateField(null=True)),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='community.group')),
                ('study', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='hosts', to='research.study')),
            ],
        ),
        migrations.AddField(
            model_name='room',
            name='host',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='room', to='research.studygroup'),
        ),
        migrations.CreateModel(
            name='Allocation',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('index', models.PositiveIntegerField()),
                ('key', models.BinaryField(max_length=32, null=True, unique=True)),
                ('list', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='places', to='research.allocationlist')),
                ('arm', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='research.arm')),
                ('host', models.OneToOneField(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='allocation', to='research.studygroup')),
            ],
        ),
        migrations.CreateModel(
            name='StudyLoad',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('at_most', models.PositiveSmallIntegerField(default=1)),
                ('none_until', models.DateField(null=True)),
                ('group', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='community.group')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Wave',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveSmallIntegerField()),
                ('week', models.PositiveSmallIntegerField()),
                ('open_days', models.PositiveSmallIntegerField()),
                ('instruments', models.JSONField()),
                ('study', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='waves', to='research.study')),
            ],
        ),
        migrations.CreateModel(
            name='Tally',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('measure', models.CharField(max_length=100)),
                ('shown', models.JSONField()),
                ('made_on', models.DateField(default=core.clock.today)),
                ('study', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tallies', to='research.study')),
                ('wave', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='research.wave')),
            ],
        ),
        migrations.CreateModel(
            name='WaveTask',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('state', models.CharField(choices=[('waiting', 'not opened'), ('started', 'part-way'), ('done', 'done'), ('declined', 'left out'), ('cancelled', 'cancelled')], default='waiting', max_length=9)),
                ('opens_on', models.DateField()),
                ('closes_on', models.DateField()),
                ('done_on', models.DateField(null=True)),
                ('participant', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tasks', to='research.participant')),
                ('wave', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tasks', to='research.wave')),
            ],
        ),
        migrations.CreateModel(
            name='Response',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('instrument', models.CharField(max_length=40)),
                ('item', models.CharField(max_length=40)),
                ('value', models.SmallIntegerField(null=True)),
                ('sealed', models.BinaryField(null=True)),
                ('missing', models.SmallIntegerField(null=True)),
                ('study_day', models.PositiveIntegerField()),
                ('task', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='responses', to='research.wavetask')),
            ],
        ),
        migrations.CreateModel(
            name='FieldNoteRevision',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('nth', models.PositiveIntegerField()),
                ('sealed', models.BinaryField()),
                ('on_day', models.DateField(default=core.clock.today)),
                ('note', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='revisions', to='research.fieldnote')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('note', 'nth'), name='note_revision_once')],
            },
        ),
        migrations.AddConstraint(
            model_name='roomface',
            constraint=models.UniqueConstraint(fields=('room', 'persona'), name='one_room_face_a_persona'),
        ),
        migrations.AddConstraint(
            model_name='roomface',
            constraint=models.UniqueConstraint(condition=models.Q(('persona__isnull', True)), fields=('key',), name='one_room_name_a_person'),
        ),
        migrations.AddConstraint(
            model_name='roompost',
            constraint=models.UniqueConstraint(fields=('room', 'seq'), name='room_seq_once'),
        ),
        migrations.AddConstraint(
            model_name='exportsubject',
            constraint=models.UniqueConstraint(fields=('export', 'participant'), name='participant_in_file_once'),
        ),
        migrations.AddConstraint(
            model_name='exportsubject',
            constraint=models.UniqueConstraint(fields=('export', 'source'), name='source_in_file_once'),
        ),
        migrations.AddConstraint(
            model_name='exportsubject',
            constraint=models.UniqueConstraint(fields=('export', 'once'), name='once_in_file_once'),
        ),
        migrations.AddConstraint(
            model_name='exportsubject',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('once__isnull', True), ('participant__isnull', False), ('source__isnull', True)), models.Q(('once__isnull', True), ('participant__isnull', True), ('source__isnull', False)), models.Q(('once__isnull', False), ('participant__isnull', True), ('source__isnull', True)), _connector='OR'), name='subject_is_one_part'),
        ),
        migrations.AddConstraint(
            model_name='source',
            constraint=models.UniqueConstraint(fields=('study', 'member'), name='source_once'),
        ),
        migrations.AddConstraint(
            model_name='source',
            constraint=models.UniqueConstraint(condition=models.Q(('part', 'gone'), _negated=True), fields=('study', 'pid'), name='source_pid_once'),
        ),
        migrations.AddConstraint(
            model_name='protocol',
            constraint=models.UniqueConstraint(fields=('study', 'version'), name='protocol_version_once'),
        ),
        migrations.AddIndex(
            model_name='presence',
            index=models.Index(fields=['group', 'on_day'], name='presence_of_a_group'),
        ),
        migrations.AddConstraint(
            model_name='presence',
            constraint=models.UniqueConstraint(fields=('thread', 'study', 'on_day'), name='presence_once_a_day'),
        ),
        migrations.AddConstraint(
            model_name='participant',
            constraint=models.UniqueConstraint(fields=('study', 'group', 'pid'), name='pid_once'),
        ),
        migrations.AddConstraint(
            model_name='export',
            constraint=models.CheckConstraint(condition=models.Q(('tier__in', ['t0', 't1', 't3']), ('state__in', ['reading', 'refused', 'waiting', 'approved', 'turneddown', 'takenback', 'stale'])), name='export_state_known'),
        ),
        migrations.AddConstraint(
            model_name='export',
            constraint=models.CheckConstraint(condition=models.Q(('decided_by__isnull', True), models.Q(('decided_by', models.F('asked_by')), _negated=True), _connector='OR'), name='export_by_two'),
        ),
        migrations.AddConstraint(
            model_name='export',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'approved'), _negated=True), models.Q(('decided_by__isnull', False), ('until__isnull', False), models.Q(('digest', ''), _negated=True)), _connector='OR'), name='export_decided_whole'),
        ),
        migrations.AddConstraint(
            model_name='export',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('tier', 't1'), _negated=True), models.Q(models.Q(('recipient', ''), _negated=True), models.Q(('agreement', ''), _negated=True)), _connector='OR'), name='export_has_recipient'),
        ),
        migrations.AddConstraint(
            model_name='consentevent',
            constraint=models.UniqueConstraint(fields=('key', 'nth'), name='consent_event_once'),
        ),
        migrations.AddConstraint(
            model_name='consentdocument',
            constraint=models.UniqueConstraint(fields=('study', 'version'), name='document_version_once'),
        ),
        migrations.AddConstraint(
            model_name='arm',
            constraint=models.UniqueConstraint(fields=('study', 'code'), name='arm_code_once'),
        ),
        migrations.AddConstraint(
            model_name='allocationlist',
            constraint=models.UniqueConstraint(fields=('study', 'stratum'), name='list_once'),
        ),
        migrations.AddConstraint(
            model_name='studygroup',
            constraint=models.UniqueConstraint(fields=('study', 'group'), name='group_asked_once'),
        ),
        migrations.AddConstraint(
            model_name='allocation',
            constraint=models.UniqueConstraint(fields=('list', 'index'), name='place_given_once'),
        ),
        migrations.AddConstraint(
            model_name='allocation',
            constraint=models.CheckConstraint(condition=models.Q(('key__isnull', True), ('host__isnull', True), _connector='OR'), name='place_of_one'),
        ),
        migrations.AddConstraint(
            model_name='wave',
            constraint=models.UniqueConstraint(fields=('study', 'number'), name='wave_once'),
        ),
        migrations.AddConstraint(
            model_name='tally',
            constraint=models.UniqueConstraint(fields=('wave', 'measure'), name='tally_once'),
        ),
        migrations.AddConstraint(
            model_name='wavetask',
            constraint=models.UniqueConstraint(fields=('participant', 'wave'), name='task_once'),
        ),
        migrations.AddConstraint(
            model_name='response',
            constraint=models.UniqueConstraint(fields=('task', 'instrument', 'item'), name='answer_once'),
        ),
    ]
