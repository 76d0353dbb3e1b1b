"""A month's tables made fit to be published: small counts hidden, and that proven.

In: the true cells of every table and what was published before. Out: the tables
as readers will have them, and the attack's verdict on them. Where the attack
finds a range too narrow, that count is asked to span more and the choice is made
anew; in the end all that can be hidden is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from referrals.report.attack import AttackVerdict, attack
from referrals.report.edition import Published
from referrals.report.knowledge import knowledge, token, variable
from referrals.report.suppression import Choices, requirements, suppress
from referrals.report.table import TOTAL, Place, Table, TableForm, table

ROUNDS = 5
"""How often a choice that the attack defeats is made anew."""

Cells = Mapping[str, Mapping[Place, int]]
"""The true cells of every table, by the table's key."""

Publish = Callable[[tuple[Table, ...]], Published]
"""Makes the edition that would be published with the given tables."""


def protect(
    forms: Sequence[TableForm],
    cells: Cells,
    history: Sequence[Published],
    publish: Publish,
    threshold: int,
    enough: int,
    unprinted: Mapping[str, int] | None = None,
) -> tuple[tuple[Table, ...], AttackVerdict]:
    """Return the tables to publish and the verdict on them.

    `unprinted` are true counts, by variable, of months that no edition has printed.
    """
    protected = [form for form in forms if form.protected]
    coverable = {
        form.key: [place for place in form.places if not form.is_open(place)] for form in protected
    }
    withheld_tables = _tables(forms, cells, {key: set(all_) for key, all_ in coverable.items()})
    withheld = [*history, publish(withheld_tables)]
    system = knowledge(withheld)
    names = {
        (form.key, place): variable(token(withheld[-1], form, len(history)), form, place)
        for form in protected
        for place in coverable[form.key]
    }
    truth = {
        name: cells[key][place] for (key, place), name in names.items() if name not in system.known
    }
    small = _primary(protected, cells, _latest(withheld[-1], history), threshold)
    primary = {names[each] for each in small if each in names}
    choices = Choices(truth, Counter(names.values()), primary & set(truth), unprinted or {})
    required = Counter(requirements(system, choices, threshold, enough))
    for _ in range(ROUNDS):
        hidden = suppress(system, choices, required)
        chosen = _tables(
            forms,
            cells,
            {
                form.key: {
                    place for place in coverable[form.key] if names[form.key, place] in hidden
                }
                for form in protected
            },
        )
        verdict = attack([*history, publish(chosen)], system, enough)
        if not verdict.narrow:
            return chosen, verdict
        required.update(verdict.narrow)
    return withheld_tables, attack(withheld, system, enough)


def _primary(
    protected: Sequence[TableForm], cells: Cells, before: Published | None, threshold: int
) -> set[tuple[str, Place]]:
    """Return what must be hidden: small counts, thin tables, and what was hidden before.

    A table whose total is below the threshold is withheld but for the lines
    that an open total shows to be empty.
    """
    found: set[tuple[str, Place]] = set()
    for form in protected:
        counted = cells[form.key]
        thin = counted[TOTAL, TOTAL] < threshold
        for place in form.places:
            row, column = place
            empty = counted[TOTAL, column] == 0 or (
                TOTAL in form.open_columns and counted[row, TOTAL] == 0
            )
            if 0 < counted[place] < threshold or (thin and not empty):
                found.add((form.key, place))
    if before is not None:
        for former in before.edition.tables:
            for place, value in former.values().items():
                if value is None:
                    found.add((former.key, place))
    return found


def _latest(new: Published, history: Sequence[Published]) -> Published | None:
    """Return the edition that the new one takes the place of."""
    same = [each for each in history if each.edition.month == new.edition.month]
    return same[-1] if same else None


def _tables(
    forms: Sequence[TableForm], cells: Cells, hidden: Mapping[str, set[Place]]
) -> tuple[Table, ...]:
    return tuple(
        table(
            form,
            {
                place: None if place in hidden.get(form.key, ()) else cells[form.key][place]
                for place in form.places
            },
        )
        for form in forms
    )
