from django.db import migrations

from core import statistics


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [
        statistics.off(
            accounts_account=("username", "password"),
            accounts_factsheet=("sealed",),
            accounts_lock=("salt", "sealed"),
            accounts_session=("payload",),
        )
    ]
