"""Entries are added and never changed; payloads may be deleted and never changed; a chain only goes on.

Writing a row again with the same values is let through: that is how the order of rows is forgotten on PostgreSQL.
Whoever makes one of these tables anew on SQLite (Django does, to alter a column) must run `forward` again.
"""

from django.db import migrations

from core import statistics

ENTRY, PAYLOAD, CHAIN = "audit_auditentry", "audit_auditpayload", "audit_chain"
SAYS = "the record is only added to"

POSTGRES = f"""
CREATE FUNCTION audit_refuses() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '{SAYS}' USING ERRCODE = 'integrity_constraint_violation'; END $$;
CREATE TRIGGER audit_entry_changed BEFORE UPDATE ON {ENTRY}
    FOR EACH ROW WHEN (OLD IS DISTINCT FROM NEW) EXECUTE FUNCTION audit_refuses();
CREATE TRIGGER audit_entry_deleted BEFORE DELETE ON {ENTRY} FOR EACH ROW EXECUTE FUNCTION audit_refuses();
CREATE TRIGGER audit_entry_emptied BEFORE TRUNCATE ON {ENTRY} EXECUTE FUNCTION audit_refuses();
CREATE TRIGGER audit_payload_changed BEFORE UPDATE ON {PAYLOAD}
    FOR EACH ROW WHEN (OLD IS DISTINCT FROM NEW) EXECUTE FUNCTION audit_refuses();
CREATE TRIGGER audit_payload_emptied BEFORE TRUNCATE ON {PAYLOAD} EXECUTE FUNCTION audit_refuses();
CREATE TRIGGER audit_chain_turned BEFORE UPDATE ON {CHAIN} FOR EACH ROW
    WHEN (NEW.id <> OLD.id OR NEW.scope <> OLD.scope OR NEW.head_seq NOT IN (OLD.head_seq, OLD.head_seq + 1)
          OR NEW.head_on < OLD.head_on OR NEW.signed_seq < OLD.signed_seq)
    EXECUTE FUNCTION audit_refuses();
CREATE TRIGGER audit_chain_deleted BEFORE DELETE ON {CHAIN} FOR EACH ROW EXECUTE FUNCTION audit_refuses();
CREATE TRIGGER audit_chain_emptied BEFORE TRUNCATE ON {CHAIN} EXECUTE FUNCTION audit_refuses();
"""

# INSERT OR REPLACE deletes without asking a trigger on DELETE, so the row that is there already refuses it.
SQLITE = f"""
CREATE TRIGGER audit_entry_replaced BEFORE INSERT ON {ENTRY}
    WHEN EXISTS (SELECT 1 FROM {ENTRY} WHERE id = NEW.id OR (chain_id = NEW.chain_id AND seq = NEW.seq))
    BEGIN SELECT RAISE(ABORT, '{SAYS}'); END;
CREATE TRIGGER audit_entry_changed BEFORE UPDATE ON {ENTRY} BEGIN SELECT RAISE(ABORT, '{SAYS}'); END;
CREATE TRIGGER audit_entry_deleted BEFORE DELETE ON {ENTRY} BEGIN SELECT RAISE(ABORT, '{SAYS}'); END;
CREATE TRIGGER audit_payload_replaced BEFORE INSERT ON {PAYLOAD}
    WHEN EXISTS (SELECT 1 FROM {PAYLOAD} WHERE id = NEW.id OR entry_id = NEW.entry_id)
    BEGIN SELECT RAISE(ABORT, '{SAYS}'); END;
CREATE TRIGGER audit_payload_changed BEFORE UPDATE ON {PAYLOAD} BEGIN SELECT RAISE(ABORT, '{SAYS}'); END;
CREATE TRIGGER audit_chain_replaced BEFORE INSERT ON {CHAIN}
    WHEN EXISTS (SELECT 1 FROM {CHAIN} WHERE id = NEW.id OR scope = NEW.scope)
    BEGIN SELECT RAISE(ABORT, '{SAYS}'); END;
CREATE TRIGGER audit_chain_turned BEFORE UPDATE ON {CHAIN}
    WHEN NEW.id <> OLD.id OR NEW.scope <> OLD.scope OR NEW.head_seq NOT IN (OLD.head_seq, OLD.head_seq + 1)
         OR NEW.head_on < OLD.head_on OR NEW.signed_seq < OLD.signed_seq
    BEGIN SELECT RAISE(ABORT, '{SAYS}'); END;
CREATE TRIGGER audit_chain_deleted BEFORE DELETE ON {CHAIN} BEGIN SELECT RAISE(ABORT, '{SAYS}'); END;
"""


def forward(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRES, params=None)
        return
    for statement in SQLITE.split("END;\n"):
        if statement.strip():
            schema_editor.execute(statement + "END;", params=None)


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_tables")]
    operations = [
        migrations.RunPython(forward),
        statistics.off(audit_auditpayload=("payload",)),
    ]
