"""All tables at once. A database that took the steps that led here, all of them, has this already."""

import chat.models.rhythm
import core.clock
import core.fields
import core.ids
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True
    replaces = [
        ('chat', '0001_initial'),
        ('chat', '0003_post_expires_on'),
        ('chat', '0004_blocks'),
        ('chat', '0005_hours_and_rhythm'),
        ('chat', '0006_post_heads_up_alter_post_state'),
        ('chat', '0007_kept_title'),
        ('chat', '0008_labels'),
        ('chat', '0009_proposals'),
        ('chat', '0010_thanks'),
        ('chat', '0011_speaking_for_myself'),
        ('chat', '0012_statements'),
        ('chat', '0013_post_folding'),
        ('chat', '0014_watched'),
    ]

    dependencies = [
        ('community', '0001_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='Alias',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('key', models.BinaryField(max_length=32, unique=True)),
                ('sealed_owner_tag', models.BinaryField()),
                ('handle', models.CharField(max_length=40)),
                ('avatar_id', models.CharField(default=core.ids.new_public_id, max_length=20, unique=True)),
                ('avatar_svg', models.TextField()),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Label',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('public_id', models.CharField(default=core.ids.new_public_id, max_length=20, unique=True)),
                ('key', models.BinaryField(max_length=32, unique=True)),
                ('kind', models.CharField(choices=[('needs_source', 'Needs a source'), ('sourced', 'Source given'), ('guidance', 'Does not match guidance'), ('corrected', 'Corrected'), ('experience', 'Personal experience'), ('reviewed', 'Reviewed')], max_length=16)),
                ('role', models.CharField(max_length=60)),
                ('is_badge', models.BooleanField(default=False)),
                ('source', models.CharField(blank=True, max_length=200)),
                ('link', models.CharField(blank=True, max_length=300)),
                ('added_on', models.DateField(default=core.clock.today)),
                ('expires_on', models.DateField()),
                ('is_before_change', models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name='ReadMark',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('key', models.BinaryField(max_length=32, unique=True)),
                ('seq', models.BigIntegerField()),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Statement',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('title', models.CharField(max_length=120)),
                ('for_whom', models.CharField(max_length=120)),
                ('text', models.TextField(max_length=3000)),
                ('html', models.TextField()),
                ('version', models.PositiveIntegerField(default=1)),
                ('agreed', models.PositiveIntegerField(default=0)),
                ('counted_on', models.DateField(default=core.clock.today)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Byline',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('public_id', models.CharField(default=core.ids.new_public_id, max_length=20, unique=True)),
                ('alias', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='byline', to='chat.alias')),
                ('persona', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='bylines', to='community.persona')),
            ],
        ),
        migrations.CreateModel(
            name='GroupActivity',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('counter', models.BigIntegerField(default=0)),
                ('group', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='activity', to='community.group')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='GroupRhythm',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('gathered', models.JSONField(default=chat.models.rhythm.empty)),
                ('shown', models.JSONField(default=chat.models.rhythm.empty)),
                ('folded_on', models.DateField(default=core.clock.today)),
                ('group', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='rhythm', to='community.group')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Dispute',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('key', models.BinaryField(max_length=32, unique=True)),
                ('by_writer', models.BooleanField(default=False)),
                ('text', models.TextField(max_length=1000)),
                ('said_on', models.DateField(default=core.clock.today)),
                ('answer', models.TextField(blank=True, max_length=1000)),
                ('answered_on', models.DateField(null=True)),
                ('label', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='disputes', to='chat.label')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Post',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('public_id', models.CharField(default=core.ids.new_public_id, max_length=20, unique=True)),
                ('seq', models.BigIntegerField()),
                ('text', models.TextField()),
                ('html', models.TextField()),
                ('client_id', models.CharField(max_length=36, null=True)),
                ('posted_on', models.DateField(default=core.clock.today)),
                ('posted_hour', models.PositiveSmallIntegerField(null=True)),
                ('expires_on', models.DateField(db_index=True, null=True)),
                ('is_edited', models.BooleanField(default=False)),
                ('state', models.CharField(choices=[('shown', 'Shown'), ('deleted', 'Deleted'), ('hidden', 'Hidden'), ('removed', 'Removed'), ('asked', 'Asked')], default='shown', max_length=8)),
                ('heads_up', models.CharField(blank=True, max_length=40)),
                ('folding', models.CharField(blank=True, choices=[('', 'Not'), ('folded', 'Folded'), ('looked_at', 'Looked At')], default='', max_length=10)),
                ('about', models.JSONField(default=list)),
                ('for_self', models.BooleanField(default=False)),
                ('byline', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='posts', to='chat.byline')),
            ],
        ),
        migrations.AddField(
            model_name='label',
            name='post',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='labels', to='chat.post'),
        ),
        migrations.CreateModel(
            name='Reaction',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('same_here', 'Same here'), ('thank_you', 'Thank you'), ('thinking_of_you', 'Thinking of you')], max_length=16)),
                ('key', models.BinaryField(max_length=32, unique=True)),
                ('post', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reactions', to='chat.post')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Signing',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('key', models.BinaryField(max_length=32, unique=True)),
                ('statement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='signings', to='chat.statement')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Thanks',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('key', models.BinaryField(max_length=32, unique=True)),
                ('post', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='thanks', to='chat.post')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Thread',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('last_seq', models.BigIntegerField(default=0, editable=False)),
                ('public_id', models.CharField(default=core.ids.new_public_id, max_length=20, unique=True)),
                ('title', models.CharField(max_length=120)),
                ('kept_title', models.CharField(blank=True, max_length=120)),
                ('ask', models.CharField(choices=[('just_listening', 'Just listening'), ('advice_welcome', 'Advice welcome'), ('has_anyone_else', 'Has anyone else been there?')], max_length=16)),
                ('heads_ups', models.JSONField(default=list)),
                ('is_pinned', models.BooleanField(default=False)),
                ('is_answered', models.BooleanField(default=False)),
                ('activity', models.BigIntegerField(default=0)),
                ('last_post_on', models.DateField(default=core.clock.today)),
                ('watched_on', models.DateField(null=True)),
                ('watched_by', models.JSONField(default=list)),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='threads', to='community.group')),
            ],
        ),
        migrations.AddField(
            model_name='statement',
            name='thread',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='statement', to='chat.thread'),
        ),
        migrations.CreateModel(
            name='Proposal',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('open_until', models.DateField()),
                ('outcome', models.CharField(blank=True, choices=[('taken', 'We change the promise like this'), ('partly', 'We change some of it'), ('left', 'The promise stays as it is')], max_length=8)),
                ('answer', models.TextField(blank=True, max_length=1000)),
                ('answered_on', models.DateField(null=True)),
                ('thread', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='proposal', to='chat.thread')),
            ],
        ),
        migrations.AddField(
            model_name='post',
            name='thread',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='posts', to='chat.thread'),
        ),
        migrations.AddField(
            model_name='byline',
            name='thread',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='bylines', to='chat.thread'),
        ),
        migrations.AddField(
            model_name='alias',
            name='thread',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='aliases', to='chat.thread'),
        ),
        migrations.CreateModel(
            name='ThreadEvent',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('seq', models.BigIntegerField()),
                ('kind', models.CharField(max_length=32)),
                ('ref', models.CharField(max_length=64)),
                ('stream', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='events', to='chat.thread')),
            ],
        ),
        migrations.CreateModel(
            name='Block',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('blocked', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='community.persona')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='community.persona')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('by', 'blocked'), name='blocked_once')],
            },
        ),
        migrations.CreateModel(
            name='Mute',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('key', models.BinaryField(db_index=True, max_length=32)),
                ('alias', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='chat.alias')),
                ('persona', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='community.persona')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('key', 'persona'), name='persona_muted_once'), models.UniqueConstraint(fields=('key', 'alias'), name='alias_muted_once'), models.CheckConstraint(condition=models.Q(models.Q(('alias__isnull', True), ('persona__isnull', False)), models.Q(('alias__isnull', False), ('persona__isnull', True)), _connector='OR'), name='mute_of_one_face')],
            },
        ),
        migrations.AddConstraint(
            model_name='label',
            constraint=models.UniqueConstraint(fields=('post', 'kind'), name='one_label_a_kind'),
        ),
        migrations.AddIndex(
            model_name='thread',
            index=models.Index(fields=['group', '-is_pinned', '-activity', 'id'], name='threads_by_activity'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.CheckConstraint(condition=models.Q(('answered_on', None), models.Q(models.Q(('outcome', ''), _negated=True), models.Q(('answer', ''), _negated=True), ('answered_on__gt', models.F('open_until'))), _connector='OR'), name='a_proposal_is_answered_with_reasons_after_its_comments'),
        ),
        migrations.AddConstraint(
            model_name='post',
            constraint=models.UniqueConstraint(fields=('thread', 'seq'), name='post_seq_once'),
        ),
        migrations.AddConstraint(
            model_name='post',
            constraint=models.UniqueConstraint(fields=('byline', 'client_id'), name='client_id_once'),
        ),
        migrations.AddConstraint(
            model_name='byline',
            constraint=models.UniqueConstraint(fields=('thread', 'persona'), name='one_byline_a_persona'),
        ),
        migrations.AddConstraint(
            model_name='byline',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('alias__isnull', True), ('persona__isnull', False)), models.Q(('alias__isnull', False), ('persona__isnull', True)), _connector='OR'), name='byline_has_one_face'),
        ),
        migrations.AddConstraint(
            model_name='threadevent',
            constraint=models.UniqueConstraint(fields=('stream', 'seq'), name='thread_event_once'),
        ),
    ]
