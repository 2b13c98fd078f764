"""Bring in every hospital in one process: one's refusal does not stop the others, and what passed is published together.

The hospitals share the imports, the open warehouse, the draw of the synthetic study and the building of the views.
They form a pipeline: while one is mapped, the next one's files are read and the one before is assessed.
Concurrent imports of related packages can deadlock, so only the reading thread imports heavy packages late.
"""

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from threading import Event
from typing import Literal

from etl.derivation.failed_attempts import is_recorded, record_failure, record_unreceived
from etl.derivation.held import open_held, publish_record
from etl.ingest_all.progress import Beside, Named
from etl.loads.attempts import sites_turned_away
from etl.loads.publish import current_fingerprints, discard_orphans
from etl.mapping.read_mapping import known_sites
from etl.pipeline import assess_staged, stage_arrival
from etl.publishing import Judged, publish_judged
from etl.quality.run_suites import import_expectations
from etl.receiving.arrival import Arrival
from etl.receiving.receive import receive
from etl.settings import Settings
from etl.staging.stage import Staged
from etl.synthetic.first_delivery import has_delivery, make_first_deliveries
from warehouse.errors import NotFoundError, RefusedError, RolledBackError
from warehouse.file.connect import raw_connection
from warehouse.file.draft import Draft
from warehouse.file.owner_only import owner_only
from warehouse.fingerprint import utc_now
from warehouse.progress import Progress, Silent

Ending = Literal["assessed", "published", "in already", "rolled back", "refused", "failed"]


@dataclass(frozen=True)
class SiteEnd:
    """What became of one hospital.

    A delivery that was rolled back stays away, as a person wished: `note` says so, and it is no error.
    `load_id` is None when nothing was staged; a refused load's rows are gone and its findings kept. `error` says why it
    is not in, or why its report is missing. `seconds` are its own, those of publishing and reporting apart.
    """

    site_id: str
    ending: Ending = "failed"
    delivery: str | None = None
    load_id: int | None = None
    assessment: str | None = None
    is_synthetic: bool = False
    error: Exception | None = None
    note: str | None = None
    seconds: float = 0.0


@owner_only()
def ingest_all(
    sites: Sequence[str] = (),
    *,
    accept: bool = False,
    settings: Settings,
    progress: Progress | None = None,
    on_end: Callable[[SiteEnd], None] | None = None,
) -> tuple[SiteEnd, ...]:
    """Bring in the newest delivery of many hospitals, publish those that pass in one transaction, and report on them.

    A hospital that has sent nothing gets a synthetic delivery first, under the rule of `make_first_deliveries`.

    Args:
        sites: the hospitals; all that have a mapping when empty.
        accept: publish although much was quarantined or set aside, or a delivery shrank.
        settings: where things lie and how much may be used.
        progress: is notified of every step.
        on_end: is called for every hospital when its own way ends: in already, refused, failed, or assessed and ready to
            be published with the others.

    Returns:
        what became of each hospital in the end, by name.

    Raises:
        NotFoundError: no hospital has a mapping.
        HccError: the warehouse cannot be opened; nothing was brought in.
    """
    chosen = sorted(dict.fromkeys(sites)) or known_sites(settings.mappings_dir)
    if not chosen:
        raise NotFoundError(f"{settings.mappings_dir}: no hospital has a mapping. Begin with a copy of its _template/.")
    run = _Run(chosen, settings, progress or Silent(), on_end or (lambda _: None))
    unmade = run.make_first()
    with open_held(settings, run.progress) as draft:
        with run.thread() as reader, run.thread() as assessor:
            judged = run.judge(draft, assessor, run.receive(draft, reader, unmade=unmade, accept=accept))
        run.publish(draft, judged)
    return tuple(run.ends.values())


class _Run:
    """One run over many hospitals, which remembers what became of each."""

    def __init__(
        self, sites: Sequence[str], settings: Settings, progress: Progress, on_end: Callable[[SiteEnd], None]
    ) -> None:
        self.ends = {site_id: SiteEnd(site_id) for site_id in sites}
        self.progress, self._settings, self._on_end = progress, settings, on_end
        self._is_over = Event()
        self._arrivals: dict[str, Arrival] = {}
        self._began_at = utc_now()

    @contextmanager
    def thread(self) -> Iterator[Executor]:
        """Open a thread for concurrent work; when this run is interrupted, its work is broken off and waited for."""
        with ThreadPoolExecutor(1) as pool:
            try:
                yield pool
            except BaseException:
                self._is_over.set()
                pool.shutdown(wait=False, cancel_futures=True)
                raise

    def receive(
        self, draft: Draft, reader: Executor, *, unmade: Mapping[str, Exception], accept: bool
    ) -> Iterator[Arrival]:
        """Read, mask and land every delivery, ahead of the thread that takes them."""
        with raw_connection(draft.engine) as con:
            in_already = current_fingerprints(con)
        listeners = {site_id: self._beside(site_id) for site_id in self.ends}

        def receive_one(site_id: str) -> Arrival:
            with self._clock(site_id):
                if site_id in unmade:
                    raise unmade[site_id]
                arrival = receive(
                    site_id, delivery=None, accept=accept, settings=self._settings, progress=listeners[site_id]
                )
                if arrival.fingerprint not in in_already:  # get ready here, while the engine works for another hospital
                    _ = arrival.plans
                    import_expectations()
                return arrival

        coming = {site_id: reader.submit(receive_one, site_id) for site_id in self.ends}
        for site_id, future in coming.items():
            arrival = None
            with self._catch(site_id), listeners[site_id].shown():
                arrival = future.result()
            if arrival is not None:
                self._arrivals[site_id] = arrival
                self._note(site_id, delivery=arrival.delivery.name, is_synthetic=arrival.delivery.is_synthetic)
                yield arrival

    def judge(self, draft: Draft, assessor: Executor, arrivals: Iterable[Arrival]) -> list[Judged]:
        """Stage and assess every delivery, each for itself; what fails leaves no rows."""
        judged: list[Judged] = []
        assessed: deque[tuple[str, Beside, Future[Judged]]] = deque()
        for arrival in arrivals:
            site_id = arrival.mapping.site
            staged = None
            with self._clock(site_id), self._catch(site_id):
                staged = stage_arrival(draft, arrival, settings=self._settings, progress=self._named(site_id))
            if staged is not None:  # this hospital's clock has stopped here before it goes on in the other thread
                listener = self._beside(site_id)
                future = assessor.submit(self._assess, draft, arrival, staged, listener)
                assessed.append((site_id, listener, future))
            while assessed and assessed[0][-1].done():
                judged += self._verdict(*assessed.popleft())
        for each in assessed:
            judged += self._verdict(*each)
        self._clear_up(draft, kept=[each.load_id for each in judged])
        return judged

    def _verdict(self, site_id: str, listener: Beside, future: Future[Judged]) -> list[Judged]:
        """Wait for an assessment, and report what came of it; a list of none when the delivery may not be published."""
        judged: list[Judged] = []
        with self._catch(site_id), listener.shown():
            passed = future.result()
            judged.append(passed)
            ending: Ending = "in already" if passed.is_noop else "assessed"
            self._note(site_id, ending=ending, load_id=passed.load_id, assessment=passed.assessment)
            self._on_end(self.ends[site_id])
        return judged

    def _assess(self, draft: Draft, arrival: Arrival, staged: Staged | Judged, listener: Progress) -> Judged:
        with self._clock(arrival.mapping.site):
            return assess_staged(draft, arrival, staged, settings=self._settings, progress=listener)

    def publish(self, draft: Draft, judged: Sequence[Judged]) -> None:
        """Publish together what passed; when that fails, none of it is published."""
        try:
            outcomes = publish_judged(draft, judged, settings=self._settings, progress=self.progress)
        except Exception as error:  # whatever it is, each of them must say that it is not in
            for each in judged:
                if not each.is_noop:
                    self._note(each.arrival.mapping.site, ending="failed", error=error)
            publish_record(draft, self._record_failures, settings=self._settings)
            return
        for outcome in outcomes:
            ending: Ending = "in already" if outcome.is_noop else "published"
            self._note(outcome.site_id, ending=ending, error=outcome.unreported)

    def make_first(self) -> dict[str, Exception]:
        """Make the synthetic deliveries that are missing; report which could not be made, and why."""
        known = [site_id for site_id in self.ends if site_id in known_sites(self._settings.mappings_dir)]
        try:
            made = make_first_deliveries(known, self._settings, progress=self.progress)
        except Exception as error:  # the hospitals that have sent something go on without
            return {site_id: error for site_id in known if not has_delivery(self._settings.raw_dir / site_id)}
        if made:
            names = ", ".join(path.parent.name for path in made)
            self.progress.say(f"SYNTHETIC deliveries were made for {names}: every patient in them is made up.")
        return {}

    def _clear_up(self, draft: Draft, *, kept: Sequence[int]) -> None:
        """Remove what failures have left staged, and find the loads under which refusals are written."""
        with raw_connection(draft.engine) as con:
            discard_orphans(con, keep=kept)
            for end in self.ends.values():
                if isinstance(end.error, RefusedError):
                    row = con.execute(
                        "SELECT max(load_id) FROM audit.load WHERE site_id = ? AND state = 'refused' "
                        "AND load_id > coalesce((SELECT current_load_id FROM audit.site WHERE site_id = ?), 0)",
                        [end.site_id, end.site_id],
                    ).fetchone()
                    self._note(end.site_id, load_id=row[0] if row else None)
        self._record_failures(draft)

    def _record_failures(self, draft: Draft) -> None:
        """Write down every attempt that failed, outside of what failed, once on each draft."""
        with raw_connection(draft.engine) as con:
            recorded = sites_turned_away(con, since=self._began_at)
        for end in self.ends.values():
            if end.error is None or end.site_id in recorded:
                continue
            arrival = self._arrivals.get(end.site_id)
            if arrival is not None:
                record_failure(draft, arrival, end.error, settings=self._settings)
            elif is_recorded(end.site_id, end.error, settings=self._settings):
                record_unreceived(draft, end.site_id, end.error, delivery=None, settings=self._settings)

    @contextmanager
    def _clock(self, site_id: str) -> Iterator[None]:
        started = time.perf_counter()
        try:
            yield
        finally:
            self._note(site_id, seconds=self.ends[site_id].seconds + time.perf_counter() - started)

    @contextmanager
    def _catch(self, site_id: str) -> Iterator[None]:
        """Let a hospital fail for itself, with a refusal or with a fault of ours; an interruption ends the run."""
        try:
            yield
        except RolledBackError as kept_away:
            self._note(site_id, ending="rolled back", note=str(kept_away))
            self._on_end(self.ends[site_id])
        except Exception as error:  # a fault in one hospital's way must not cost the others theirs
            ending: Ending = "refused" if isinstance(error, RefusedError) else "failed"
            self._note(site_id, ending=ending, error=error)
            self._on_end(self.ends[site_id])

    def _note(self, site_id: str, **facts: object) -> None:
        self.ends[site_id] = replace(self.ends[site_id], **facts)  # type: ignore[arg-type]

    def _named(self, site_id: str) -> Progress:
        return Named(site_id, self.progress)

    def _beside(self, site_id: str) -> Beside:
        return Beside(self._named(site_id), self._is_over)
