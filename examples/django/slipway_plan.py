"""
`manage.py slipway_plan [--database NAME …]`: what is pending, as Slipway reads it, one line of JSON per database.

`migrate --plan` says "Add field weight to product" whether old code can still insert a product or not, and "Custom state/database change
combination" whatever is inside. This command looks at the operations themselves. Put it into `<app>/management/commands/`.

contracting: the code of the release before cannot live with it. unknown: nobody can tell. Django 3.2 and later.
"""

import json

from django.core.management.base import BaseCommand
from django.db import DEFAULT_DB_ALIAS, connections, migrations, models
from django.db.migrations.executor import MigrationExecutor

# By name: not every version of Django, and not every database, has them all.
HARMLESS = {
    "CreateModel",
    "AddIndex",
    "AddIndexConcurrently",
    "RenameIndex",
    "AlterModelOptions",
    "AlterModelManagers",
    "AlterModelTableComment",
    "CreateCollation",
    "CreateExtension",
    "BloomExtension",
    "BtreeGinExtension",
    "BtreeGistExtension",
    "CITextExtension",
    "CryptoExtension",
    "HStoreExtension",
    "TrigramExtension",
    "UnaccentExtension",
}
CONTRACTING = {"RemoveField", "DeleteModel", "RenameField", "RenameModel", "AlterModelTable"}
# What a database never sees, in versions of Django that do not say so themselves.
UNSEEN = {"blank", "choices", "editable", "error_messages", "help_text", "limit_choices_to", "related_name"}
UNSEEN |= {"related_query_name", "validators", "verbose_name"}


def judge(operation, app, before):
    """`expanding`, `contracting` or `unknown`. `before`: the models as they are before the operation."""
    kind = type(operation).__name__
    if kind in HARMLESS:
        return "expanding"
    if kind in CONTRACTING:
        return "contracting"
    if kind == "AddField":
        return added(operation.field)
    if kind == "AlterField":
        old = dict(before.models[app, operation.model_name_lower].fields)[operation.name]
        return "expanding" if seen(old) == seen(operation.field) else "unknown"
    return "unknown"


def added(field):
    """Old code inserts rows without the new column: somebody must say what is in it."""
    if field.many_to_many or field.null or getattr(field, "generated", False):
        return "expanding"
    unset = models.NOT_PROVIDED
    return "expanding" if getattr(field, "db_default", unset) is not unset else "contracting"


def seen(field):
    """What the database sees of a field. Its default is Django's alone; that of the database is not."""
    _name, path, args, kwargs = field.deconstruct()
    unseen = UNSEEN | set(getattr(field, "non_db_attrs", ())) | {"default", "on_delete"}
    return path, args, {key: value for key, value in kwargs.items() if key not in unseen}


def walk(operations, app, state):
    """Every operation that reaches the database, with the models before it."""
    for operation in operations:
        if isinstance(operation, migrations.SeparateDatabaseAndState):
            yield from walk(operation.database_operations, app, state.clone())
        else:
            yield operation, state
        operation.state_forwards(app, state)


def plan_of(alias):
    executor = MigrationExecutor(connections[alias])
    loader = executor.loader
    plan = executor.migration_plan(loader.graph.leaf_nodes())
    found = {"database": alias, "pending": [], "contracting": [], "unknown": []}
    for migration, _backwards in plan:
        name = str(migration)
        found["pending"].append(name)
        state = loader.project_state((migration.app_label, migration.name), at_end=False)
        verdicts = {judge(one, migration.app_label, at) for one, at in walk(migration.operations, migration.app_label, state)}
        for verdict in ("contracting", "unknown"):
            if verdict in verdicts:
                found[verdict].append(name)
                break
    return found


class Command(BaseCommand):
    help = "Prints what `migrate` would apply, and what of it the release before could not live with."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--database", action="append", choices=list(connections), dest="databases")

    def handle(self, *args, databases=None, **options):
        for alias in databases or [DEFAULT_DB_ALIAS]:
            self.stdout.write(json.dumps(plan_of(alias)))
