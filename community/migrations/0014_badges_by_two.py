# A badge from before does not say what was checked, nor by how many: none of them holds.

import core.clock
import core.fields
import core.ids
import django.db.models.deletion
from django.db import migrations, models

from core import statistics


class Migration(migrations.Migration):

    dependencies = [
        ('community', '0013_own_lists'),
    ]

    operations = [
        migrations.DeleteModel('Badge'),
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
            options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(models.Q(('by_two', False), ('checked_month__isnull', True), ('expires_on__isnull', True), ('is_worn', False)), models.Q(('checked_month__isnull', False), ('expires_on__isnull', False)), _connector='OR'), name='a_badge_is_checked_before_it_holds'),
                    models.CheckConstraint(condition=models.Q(('organisation', ''), models.Q(('pay', ''), _negated=True), _connector='OR'), name='an_organisation_says_whether_it_pays'),
                ],
            },
        ),
        statistics.off(community_badge=('role', 'organisation')),
    ]
