"""All tables at once. A database that took the steps that led here, all of them, has this already."""

import core.fields
import core.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True
    replaces = [
        ('config', '0001_initial'),
        ('config', '0002_replayed'),
    ]

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Lease',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=16, unique=True)),
                ('holder', models.CharField(max_length=20)),
                ('until', models.DateTimeField()),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Replayed',
            fields=[
                ('id', core.fields.RandomKeyField(default=core.ids.new_key, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(default='ledger', max_length=16, unique=True)),
                ('lines', models.BigIntegerField(default=0)),
            ],
            options={
                'abstract': False,
            },
        ),
    ]
