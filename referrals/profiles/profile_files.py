"""Reads jurisdiction profiles: the office's own folder first, then those shipped.

In: a profile's key. Out: a validated `Profile` of an office or a `Court`, or an
`InputError` that names the file, the key and what is allowed. A profile file is
`<key>.toml`; an office's own file of the same key takes the place of a shipped
one. `kind` says what it is a profile of.
"""

from __future__ import annotations

import string
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ValidationError

from referrals.errors import InputError, UsageError
from referrals.findings import Finding, Severity
from referrals.profiles.court import Caption, Court
from referrals.profiles.profile import Profile
from referrals.profiles.redaction_list import redaction_list
from referrals.refusals import nearest, path_text, refusals

SHIPPED = Path(__file__).parent / "shipped"
"""The folder of the profiles that come with the program."""

CERTIFICATE_PLACEHOLDERS = ("first", "last")
"""What the certificate of compliance must name: its first and last Bates number."""

_LARGEST = 1_000_000
_KINDS: dict[str, type[Profile] | type[Court]] = {"office": Profile, "court": Court}


@dataclass(frozen=True, slots=True)
class ProfileLine:
    """One profile that can be used: its key, kind, title, file, and what is unconfirmed.

    `unconfirmed` names the parts that no source at hand confirmed.
    """

    key: str
    kind: str
    title: str
    path: Path
    shipped: bool
    unconfirmed: tuple[str, ...]


def load(key: str, own: Path | None = None) -> Profile:
    """Return the profile of the office called `key`, from the folder `own` or as shipped.

    Raises:
        UsageError: no office has that key; the message lists those that exist.
        InputError: the file is not a valid profile; its findings name each key.
    """
    profile = load_any(key, own)
    if isinstance(profile, Court):
        raise UsageError(
            f"'{key}' is the profile of a court, and a case needs that of an office.",
            remedy=f"Offices: {_of_kind('office', own)}.",
        )
    return profile


def load_court(key: str, own: Path | None = None) -> Court:
    """Return the court called `key`: its own profile, or an office's that says what it files.

    Raises:
        UsageError: no court has that key; the message lists those that exist.
        InputError: the file is not a valid profile; its findings name each key.
    """
    profile = load_any(key, own)
    if isinstance(profile, Court):
        return profile
    if profile.filing is None:
        raise UsageError(
            f"The profile '{key}' does not say what is asked of files.",
            remedy=f"Courts: {_of_kind('court', own)}.",
        )
    return Court(
        key=key,
        title=profile.title,
        caption=Caption(court=(profile.recipients[0].name,), title="Referral packet"),
        recipients=profile.recipients,
        filing=profile.filing,
        sources=profile.sources,
    )


def load_any(key: str, own: Path | None = None) -> Profile | Court:
    """Return the profile called `key`, of whatever kind.

    Raises:
        UsageError: no profile has that key; the message lists those that exist.
        InputError: the file is not a valid profile; its findings name each key.
    """
    files = _files(own)
    if key not in files:
        guess = nearest(key, files)
        hint = f"Did you mean '{guess}'? " if guess else ""
        raise UsageError(
            f"There is no profile called '{key}'.",
            remedy=f"{hint}Profiles: {', '.join(files)}.",
        )
    return read_profile(files[key])


def available(own: Path | None = None) -> list[ProfileLine]:
    """Return the profiles that can be used, by key; an own file hides a shipped one.

    Raises:
        InputError: one of the files is not a valid profile.
    """
    lines = []
    for key, path in _files(own).items():
        profile = read_profile(path)
        shipped = path.parent == SHIPPED
        lines.append(
            ProfileLine(key, profile.kind, profile.title, path, shipped, unconfirmed(profile))
        )
    return lines


def read_profile(path: Path) -> Profile | Court:
    """Return the profile that the file at `path` holds.

    Raises:
        InputError: the file cannot be read, is not TOML, or a key is refused.
    """
    try:
        if path.stat().st_size > _LARGEST:
            raise InputError(
                f"The profile {path} is larger than {_LARGEST:,} bytes.",
                remedy="Check that it is a profile file.",
            )
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(
            f"The profile {path} cannot be read: {error.strerror}.",
            remedy="Check the file and the right to read it.",
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(
            f"The profile {path} is not valid TOML: {error}.",
            remedy="Fix the line named; the form is described in docs/profiles.md.",
        ) from error
    kind = values.get("kind", "office")
    if kind not in _KINDS:
        remedy = f"Write one of: {', '.join(_KINDS)}."
        raise _refused(path, [_refusal(path, "kind", f"'{kind}' is not a kind of profile", remedy)])
    model = _KINDS[kind]
    try:
        profile = model.model_validate(values)
    except ValidationError as error:
        found = refusals(error, model, lambda way: f"{path.name}, {path_text(way)}")
        raise _refused(path, found) from error
    if found := _checked(profile, path):
        raise _refused(path, found)
    return profile


def unconfirmed(profile: Profile | Court) -> tuple[str, ...]:
    """Return the names of the parts that are marked `confirmed = false`."""
    return tuple(_unconfirmed(profile, ""))


def _unconfirmed(value: object, name: str) -> Iterator[str]:
    if isinstance(value, BaseModel):
        if getattr(value, "confirmed", True) is False:
            yield name
        for field in type(value).model_fields:
            yield from _unconfirmed(getattr(value, field), f"{name}.{field}".strip("."))
    elif isinstance(value, tuple):
        for place, entry in enumerate(value):
            called = getattr(entry, "key", getattr(entry, "ground", place))
            yield from _unconfirmed(entry, f"{name} {called}")


def _files(own: Path | None) -> dict[str, Path]:
    found = {path.stem: path for path in SHIPPED.glob("*.toml")}
    if own is not None and own.is_dir():
        found |= {path.stem: path for path in own.glob("*.toml")}
    return dict(sorted(found.items()))


def _of_kind(kind: str, own: Path | None) -> str:
    return ", ".join(line.key for line in available(own) if line.kind == kind)


def _checked(profile: Profile | Court, path: Path) -> list[Finding]:
    """Return what only the profile as a whole can show to be wrong."""
    found = []
    if profile.key != path.stem:
        found.append(
            _refusal(
                path,
                "key",
                f"'key' is '{profile.key}' but the file is called {path.name}",
                f'Write key = "{path.stem}", or rename the file to {profile.key}.toml.',
            )
        )
    if profile.filing is not None and profile.filing.redaction_list:
        try:
            redaction_list(profile.filing.redaction_list)
        except UsageError as error:
            found.append(_refusal(path, "filing.redaction_list", str(error), error.remedy))
    if isinstance(profile, Profile):
        found += _office_checked(profile, path)
    return found


def _office_checked(profile: Profile, path: Path) -> list[Finding]:
    found: list[Finding] = []

    def refuse(field: str, message: str, remedy: str) -> None:
        found.append(_refusal(path, field, message, remedy))

    for field, needed, keys in (
        ("recipients", True, [entry.key for entry in profile.recipients]),
        ("retention.grounds", True, [entry.key for entry in profile.retention.grounds]),
        ("return_reasons", False, [entry.key for entry in profile.return_reasons]),
    ):
        if needed and not keys:
            refuse(field, f"'{field}' is empty", "Give at least one entry.")
        for key in sorted({key for key in keys if keys.count(key) > 1}):
            refuse(field, f"the key '{key}' is used twice", "Give each entry a key of its own.")
    retention = profile.retention
    if list(retention.warn_on_days) != sorted(set(retention.warn_on_days)) or any(
        not 0 < day < retention.days for day in retention.warn_on_days
    ):
        refuse(
            "retention.warn_on_days",
            f"the days {list(retention.warn_on_days)} will not do",
            f"Write rising days from 1 to {retention.days - 1}, for example [30, 60, 80].",
        )
    if retention.flagged_days < retention.days:
        refuse(
            "retention.flagged_days",
            "a flagged recording would be kept for less time than any other",
            f"Write at least {retention.days}.",
        )
    if message := _placeholder_fault(profile.certificate_of_compliance.text):
        refuse(
            "certificate_of_compliance.text",
            message,
            "Write {first} and {last} where the Bates numbers stand, and no other braces.",
        )
    return found


def _refusal(path: Path, field: str, message: str, remedy: str) -> Finding:
    where = f"{path.name}, {field}"
    return Finding(Severity.BLOCKING, "profile-refused", message, where, remedy)


def _placeholder_fault(text: str) -> str:
    try:
        named = [name for _, name, _, _ in string.Formatter().parse(text) if name is not None]
    except ValueError as error:
        return f"the braces do not match: {error}"
    if set(named) != set(CERTIFICATE_PLACEHOLDERS):
        return f"the text names {sorted(set(named)) or 'no placeholder'}"
    return ""


def _refused(path: Path, found: list[Finding]) -> InputError:
    values = "value" if len(found) == 1 else "values"
    return InputError(
        f"The profile {path} has {len(found)} {values} that cannot be used.",
        remedy="Fix the values named; the form is described in docs/profiles.md.",
        findings=found,
    )
