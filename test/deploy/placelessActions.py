"""Reads policies from the files that it is given, and prints what in them allows nothing: actions that AWS does not know, and those
that none of the resources beside them can be the subject of."""

import fnmatch
import json
import re
import sys

from policy_sentry.querying.actions import get_action_data, get_actions_for_service


# In the schemas of CloudFormation, and not yet in this list of actions, or not of such a resource.
NEWER = {
    "lambda:GetFunctionScalingConfig",
    *(f"s3:{name}Resource" for name in ["ListTagsFor", "Tag", "Untag"]),
    *(f"cloudwatch:{name}Resource" for name in ["ListTagsFor", "Tag", "Untag"]),
}


def matching(action):
    if action in NEWER:
        return [action]
    service, name = action.split(":")
    return [a for a in get_actions_for_service(service) if fnmatch.fnmatch(a.lower(), action.lower())]


def meet(one, other):
    """Whether some text fits both patterns."""
    if not one or not other:
        return set(one + other) <= {"*"}
    if one[0] == "*":
        return meet(one[1:], other) or meet(one, other[1:])
    if other[0] == "*":
        return meet(other, one)
    return one[0] == other[0] and meet(one[1:], other[1:])


def has_place(action, resources):
    """A pattern of a policy can name a resource of the action."""
    if "*" in resources or action in NEWER:
        return True
    service, name = action.split(":")
    forms = [data["resource_arn_format"] for data in get_action_data(service, name)[service]]
    kinds = [re.sub(r"\$\{[^}]+\}", "*", form).split(":", 5)[5] for form in forms if form != "*"]
    return any(meet(resource.split(":", 5)[5], kind) for kind in kinds for resource in resources)


for file in sys.argv[1:]:
    with open(file) as opened:
        statements = json.load(opened)["Statement"]
    for statement in statements:
        for pattern in statement["Action"]:
            actions = matching(pattern)
            if not actions:
                print(f"{pattern}: no such action")
            elif not any(has_place(action, statement["Resource"]) for action in actions):
                print(f"{pattern}: not of {', '.join(statement['Resource'])}")
