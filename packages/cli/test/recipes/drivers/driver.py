"""Calls each recipe with the cases of a job and prints what came out."""
import importlib
import json
import re
import sys

job = json.load(sys.stdin)
sys.path.insert(0, job["folder"])


def snake(name):
    return "user_id" if name == "id" else re.sub(r"([A-Z]|(?<=[a-z])\d)", r"_\1", name).lower()


results = {}
for each in job["jobs"]:
    recipe = importlib.import_module(each["file"].removesuffix(".py"))
    results[each["contract"]] = []
    for inputs in each["cases"]:
        try:
            token = getattr(recipe, each["callable"])(**{snake(name): value for name, value in inputs.items()})
            results[each["contract"]].append({"token": token})
        except recipe.IdentityError as error:
            results[each["contract"]].append({"refused": str(error)})
        except Exception as error:
            results[each["contract"]].append({"failed": f"{type(error).__name__}: {error}"})
json.dump(results, sys.stdout)
