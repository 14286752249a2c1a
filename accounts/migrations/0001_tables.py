"""All tables at once. A database that took the steps that led here, all of them, has this already."""

import core.clock
import core.fields
import core.ids
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True
    replaces = [
        ('accounts', '0001_initial'),
        ('accounts', '0003_discreet'),
        ('accounts', '0004_closing_at'),
        ('accounts', '0005_reminders'),
    ]

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Account',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('username', models.CharField(max_length=64, unique=True)),
                ('is_active', models.BooleanField(default=True)),
                ('discreet', models.BooleanField(default=False)),
                ('closing_at', models.DateTimeField(null=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Session',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('fingerprint', models.BinaryField(max_length=32, unique=True)),
                ('payload', models.BinaryField()),
                ('owner_tag', models.BinaryField(db_index=True, max_length=32, null=True)),
                ('expires_on', models.DateField()),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='SessionStream',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('last_seq', models.BigIntegerField(default=0, editable=False)),
                ('name', models.CharField(default='sessions', max_length=16, unique=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='FactSheet',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('sealed', models.BinaryField()),
                ('account', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='fact_sheet', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Reminder',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('sealed', models.BinaryField()),
                ('stop', models.BinaryField(max_length=32, unique=True)),
                ('cadence', models.CharField(choices=[('weekly', 'Once a week'), ('fortnightly', 'Every two weeks'), ('monthly', 'Every four weeks')], max_length=11)),
                ('next_on', models.DateField(db_index=True, null=True)),
                ('paused_until', models.DateField(null=True)),
                ('code', models.BinaryField(max_length=32)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('asked_on', models.DateField(default=core.clock.today)),
                ('account', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='reminder', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Lock',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('passphrase', 'Passphrase'), ('words', 'Words'), ('next_words', 'Next Words')], max_length=16)),
                ('salt', models.BinaryField()),
                ('epoch', models.CharField(max_length=7)),
                ('sealed', models.BinaryField()),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='locks', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('account', 'kind'), name='one_lock_of_a_kind')],
            },
        ),
        migrations.CreateModel(
            name='SessionEvent',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('seq', models.BigIntegerField()),
                ('kind', models.CharField(max_length=32)),
                ('ref', models.CharField(max_length=64)),
                ('stream', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='accounts.sessionstream')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('stream', 'seq'), name='session_event_once')],
            },
        ),
    ]
