"""All tables at once. A database that took the steps that led here, all of them, has this already."""

import core.fields
import core.ids
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True
    replaces = [
        ('audit', '0001_initial'),
    ]

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='AuditEntry',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('seq', models.BigIntegerField()),
                ('version', models.PositiveSmallIntegerField(default=1)),
                ('acted_on', models.DateField()),
                ('act', models.CharField(max_length=40)),
                ('actor_role', models.CharField(max_length=40)),
                ('ref', models.CharField(blank=True, max_length=40)),
                ('commitment', models.BinaryField(max_length=32)),
                ('prev', models.BinaryField(max_length=32)),
                ('hash', models.BinaryField(max_length=32)),
            ],
        ),
        migrations.CreateModel(
            name='Chain',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('scope', models.CharField(max_length=20, unique=True)),
                ('head_seq', models.BigIntegerField(default=0)),
                ('head_hash', models.BinaryField(default=b'\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00', max_length=32)),
                ('head_on', models.DateField(null=True)),
                ('signed_seq', models.BigIntegerField(default=0)),
                ('checked_on', models.DateField(null=True)),
                ('is_sound', models.BooleanField(null=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='AuditPayload',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('salt', models.BinaryField(max_length=32)),
                ('payload', models.TextField()),
                ('entry', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='kept', to='audit.auditentry')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='auditentry',
            name='chain',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='audit.chain'),
        ),
        migrations.AddConstraint(
            model_name='auditentry',
            constraint=models.UniqueConstraint(fields=('chain', 'seq'), name='audit_entry_once'),
        ),
    ]
