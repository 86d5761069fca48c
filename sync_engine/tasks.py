"""What Celery calls: doors of a few lines. Running one twice is harmless, losing one too: the
database knows what is due and decides who goes in."""

from __future__ import annotations

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from sync_engine.models import Adoption, Connection, SyncRun
from sync_engine.runs.adopt import adopt
from sync_engine.runs.connect import crms_of
from sync_engine.runs.forget import forget_old
from sync_engine.runs.poll import poll, work_on


@shared_task
def poll_connections() -> None:
    """Poll every connection that syncs. Beat calls this every POLL_SECONDS."""
    for connection in Connection.objects.syncing():
        poll_connection.apply_async((connection.pk,), expires=settings.POLL_SECONDS)


@shared_task
def poll_connection(connection_id: int) -> None:
    connection = Connection.objects.syncing().filter(pk=connection_id).first()
    if connection is not None:
        poll(connection, crms_of, timezone.now)


@shared_task
def work_on_run(run_id: int) -> None:
    run = SyncRun.objects.unfinished().filter(pk=run_id).select_related("connection").first()
    if run is not None and run.connection.is_syncing:
        work_on(run, crms_of, timezone.now)


@shared_task
def adopt_links(adoption_id: int) -> None:
    """Take over the links of one slice, and leave the next one to whoever is free."""
    adoption = Adoption.objects.claim(adoption_id, timezone.now())
    if adoption is not None and adopt(adoption, crms_of(adoption.connection), timezone.now):
        adopt_links.delay(adoption_id)


@shared_task
def tidy() -> None:
    """End runs whose worker died, and find workers for slices that wait."""
    now = timezone.now()
    for run in SyncRun.objects.abandoned(now):
        run.fail_ungathered("Its worker fell silent. The next poll reads it all again.", now)
    for run in SyncRun.objects.waiting_for_workers(now):
        work_on_run.delay(run.pk)
    for adoption in Adoption.objects.free(now):
        adopt_links.delay(adoption.pk)


@shared_task
def forget() -> None:
    """Delete what is no longer kept. Beat calls this at night."""
    forget_old(timezone.now())
