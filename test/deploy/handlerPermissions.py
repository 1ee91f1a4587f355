"""Prints, as JSON, what CloudFormation's handlers of each given resource type are permitted to call, by the type's schema."""

import json
import sys

from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER as manager

region, *types = sys.argv[1:]
handlers = {t: manager.get_resource_schema(region, t).schema.get("handlers") or {} for t in types}
verbs = ["create", "read", "update", "delete"]
print(json.dumps({t: sorted({p for v in verbs for p in h.get(v, {}).get("permissions", [])}) for t, h in handlers.items()}))
