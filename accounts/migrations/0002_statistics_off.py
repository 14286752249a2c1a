"""What people wrote stays out of the planner's statistics."""

from django.db import migrations

from core import statistics


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_tables")]
    operations = [
        statistics.off(
            accounts_account=("password", "username"),
            accounts_factsheet=("sealed",),
            accounts_lock=("salt", "sealed"),
            accounts_reminder=("code", "sealed", "stop"),
            accounts_session=("payload",),
        )
    ]
