from django.db import migrations

from t2eval.triggers import Refusal, refuse


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [
        refuse(
            [
                Refusal(f"audit_event_no_{operation.lower()}", "audit_event", operation, "1 = 1", "audit events are append-only")
                for operation in ("UPDATE", "DELETE", "TRUNCATE")
            ]
        )
    ]
