import json
import os

from django.db import DatabaseError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.http import JsonResponse


def applied_migrations():
    applied = MigrationRecorder(connection).applied_migrations()
    return sorted(name for app, name in applied if app == "catalog")


def health(request):
    """Unhealthy when the database cannot be reached; a database without the newest migration is still served."""
    try:
        return JsonResponse({"status": "ok", "migrations": applied_migrations()})
    except DatabaseError as error:
        return JsonResponse({"status": "error", "error": str(error).strip()}, status=503)


def graphql(request):
    if request.method != "POST":
        return JsonResponse({"errors": [{"message": "only POST is served here"}]}, status=405)
    try:
        query = json.loads(request.body or b"{}").get("query", "")
    except (ValueError, AttributeError):
        query = ""
    if "shop" not in query:
        return JsonResponse({"errors": [{"message": "the only field of this lab's schema is 'shop'"}]}, status=400)
    try:
        newest = (applied_migrations() or ["none"])[-1]
    except DatabaseError as error:
        return JsonResponse({"errors": [{"message": str(error).strip()}]})
    return JsonResponse({"data": {"shop": {"name": os.environ.get("SHOP_NAME", "Slipway lab shop"), "schemaVersion": newest}}})
