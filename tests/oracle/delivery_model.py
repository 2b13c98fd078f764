"""A slow model of deliveries and loads: what is shown, what stays away, what is compared with what, what is done again.

It knows nothing of files, fingerprints or tables: a delivery is its `Content`, a meaning and a program are numbers.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Content:
    """What a delivery holds."""

    people: int
    is_scaled: bool = False
    """Every bilirubin is ten times as high."""
    is_recoded: bool = False
    """Sex comes in codes that the mapping does not list, so the delivery is refused unless it is accepted."""


@dataclass
class ModelLoad:
    """One load in the model."""

    load_id: int
    content: Content
    made_of: tuple[Content, int, int]
    previous: Content | None
    state: str = "published"


@dataclass
class Model:
    """The state of one hospital."""

    folders: dict[str, Content] = field(default_factory=dict)
    meaning: int = 0
    program: int = 0
    loads: list[ModelLoad] = field(default_factory=list)
    current: ModelLoad | None = None
    withdrawn: set[Content] = field(default_factory=set)
    accepted: dict[Content, tuple[int, int]] = field(default_factory=dict)
    """By delivery: how many people may be missing, and how many cells may be refused."""

    def ingest(self, name: str | None, *, accept: bool = False, is_killed: bool = False) -> str:
        """Bring a delivery in, and return the outcome in a word."""
        content = self.folders[name if name is not None else max(self.folders)]
        made_of = (content, self.meaning, self.program)
        if self.current and self.current.made_of == made_of:
            return "in already"
        is_same = self.current is not None and self.current.content == content
        left_this_load = is_same and any(load.made_of == made_of and load.state == "withdrawn" for load in self.loads)
        if name is None and (content in self.withdrawn or left_this_load):
            return "rolled back"
        previous = None if self.current is None else self.current.previous if is_same else self.current.content
        missing = max(0, previous.people - content.people) if self._kept(previous) and previous else 0
        may_miss, may_refuse = self.accepted.get(content, (0, 0))
        is_shrunk = bool(missing) and previous is not None and content.people * 100 < previous.people * 80
        if is_shrunk and not accept and (content not in self.accepted or missing > may_miss):
            return "shrunk"
        refused = content.people if content.is_recoded else 0
        load = ModelLoad(len(self.loads) + 1, content, made_of, previous)
        self.loads.append(load)
        if refused and not accept and (content not in self.accepted or refused > may_refuse):
            load.state = "refused"
            return "refused"
        if is_killed:
            self.loads.pop()  # with the draft of the run; the number is given again
            return "killed"
        if accept:
            self.accepted[content] = (missing, refused)
        self.current = load
        self.withdrawn.discard(content)
        return "published"

    def roll_back(self, to: int | None = None) -> bool:
        """Go back; return whether there was anything to go back to."""
        target = self._named(to) if to is not None else self._before()
        if target is None or self.current is None:
            return False
        if target.content == self.current.content:
            self.current.state = "withdrawn"
        else:
            for load in self.loads:
                if load.content == self.current.content and load.state == "published":
                    load.state = "withdrawn"
            self.withdrawn.add(self.current.content)
        target.state = "published"
        self.withdrawn.discard(target.content)
        self.current = target
        return True

    def prune(self, keep: int) -> None:
        """Keep so many deliveries, with one load each."""
        newest: dict[Content, ModelLoad] = {}
        for load in self.loads:
            if load.state == "published":
                newest[load.content] = load
        if self.current:
            newest[self.current.content] = self.current
        order = sorted(newest.values(), key=lambda load: (load is not self.current, -load.load_id))
        for load in self.loads:
            is_old_refusal = self.current and load.state == "refused" and load.load_id < self.current.load_id
            is_surplus = load.state == "published" and load not in order[:keep]
            if is_old_refusal or is_surplus or load.state == "withdrawn":
                load.state = "pruned"

    def changes(self) -> set[str]:
        """Name the findings that the shown delivery differs by from the one before it."""
        if self.current is None or self.current.previous is None:
            return set()
        now, before = self.current.content, self.current.previous
        return {
            rule
            for rule, is_found in (
                ("patient_withdrawn", now.people < before.people),
                ("scale_changed", now.is_scaled != before.is_scaled),
            )
            if is_found
        }

    def _kept(self, content: Content | None) -> bool:
        return any(load.content == content and load.state == "published" for load in self.loads)

    def _named(self, to: int) -> ModelLoad | None:
        fit = [load for load in self.loads if load.load_id == to and load.state in ("published", "withdrawn")]
        return fit[0] if fit and fit[0] is not self.current else None

    def _before(self) -> ModelLoad | None:
        seen: set[Content] = set()
        load = self.current
        if load:
            seen.add(load.content)
        while load and load.previous and load.previous not in seen:
            seen.add(load.previous)
            of_previous = [each for each in self.loads if each.content == load.previous]  # type: ignore[union-attr]
            published = [each for each in of_previous if each.state == "published"]
            if published:
                return published[-1]
            load = of_previous[-1] if of_previous else None
        return None
