"""Prints, as JSON, the properties of each given resource type whose change makes CloudFormation replace the resource."""

import json
import sys

from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER as manager

region, *types = sys.argv[1:]
print(json.dumps({t: manager.get_resource_schema(region, t).schema.get("createOnlyProperties", []) for t in types}))
