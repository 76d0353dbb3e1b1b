"""Reads jurisdiction profiles: the office's own folder first, then those shipped.

In: a profile's key. Out: a validated `Profile`, or an `InputError` that names
the file, the key and what is allowed. A profile file is `<key>.toml`; an
office's own file of the same key takes the place of a shipped one.
"""

from __future__ import annotations

import string
import tomllib
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from referrals.errors import InputError, UsageError
from referrals.filing.profile import Profile
from referrals.findings import Finding, Severity
from referrals.refusals import nearest, path_text, refusals

SHIPPED = Path(__file__).parent / "profiles"
"""The folder of the profiles that come with the program."""

CERTIFICATE_PLACEHOLDERS = ("first", "last")
"""What the certificate of compliance must name: its first and last Bates number."""

_LARGEST = 1_000_000


@dataclass(frozen=True, slots=True)
class ProfileLine:
    """One profile that can be used: its key, title, file, and what is unconfirmed.

    `unconfirmed` names the parts that no source at hand confirmed.
    """

    key: str
    title: str
    path: Path
    shipped: bool
    unconfirmed: tuple[str, ...]


def load(key: str, own: Path | None = None) -> Profile:
    """Return the profile called `key`, from the folder `own` or as shipped.

    Raises:
        UsageError: no profile has that key; the message lists those that exist.
        InputError: the file is not a valid profile; its findings name each key.
    """
    files = _files(own)
    if key not in files:
        guess = nearest(key, files)
        hint = f"Did you mean '{guess}'? " if guess else ""
        raise UsageError(
            f"there is no profile called '{key}'",
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
        lines.append(
            ProfileLine(key, profile.title, path, path.parent == SHIPPED, unconfirmed(profile))
        )
    return lines


def read_profile(path: Path) -> Profile:
    """Return the profile that the file at `path` holds.

    Raises:
        InputError: the file cannot be read, is not TOML, or a key is refused.
    """
    try:
        if path.stat().st_size > _LARGEST:
            raise InputError(
                f"the profile {path} is larger than {_LARGEST:,} bytes",
                remedy="Check that it is a profile file.",
            )
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(
            f"the profile {path} cannot be read: {error.strerror}",
            remedy="Check the file and the right to read it.",
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(
            f"the profile {path} is not valid TOML: {error}",
            remedy="Mend the line named; the form is described in docs/profiles.md.",
        ) from error
    try:
        profile = Profile.model_validate(values)
    except ValidationError as error:
        found = refusals(error, Profile, lambda way: f"{path.name}, {path_text(way)}")
        raise _refused(path, found) from error
    if found := _checked(profile, path):
        raise _refused(path, found)
    return profile


def unconfirmed(profile: Profile) -> tuple[str, ...]:
    """Return the names of the parts that are marked `confirmed = false`."""
    wordings = (
        "attestation",
        "hash_certificate",
        "certificate_of_compliance",
        "exculpatory_none_known",
        "receipt",
    )
    names = [name for name in wordings if not getattr(profile, name).confirmed]
    names += [
        f"ground {ground.key}" for ground in profile.retention.grounds if not ground.confirmed
    ]
    names += [
        f"return reason {reason.key}" for reason in profile.return_reasons if not reason.confirmed
    ]
    return tuple(names)


def _files(own: Path | None) -> dict[str, Path]:
    found = {path.stem: path for path in SHIPPED.glob("*.toml")}
    if own is not None and own.is_dir():
        found |= {path.stem: path for path in own.glob("*.toml")}
    return dict(sorted(found.items()))


def _checked(profile: Profile, path: Path) -> list[Finding]:
    """Return what only the profile as a whole can show to be wrong."""
    found: list[Finding] = []

    def refuse(field: str, message: str, remedy: str) -> None:
        found.append(
            Finding(Severity.BLOCKING, "profile-refused", message, f"{path.name}, {field}", remedy)
        )

    if profile.key != path.stem:
        refuse(
            "key",
            f"'key' is '{profile.key}' but the file is called {path.name}",
            f'Write key = "{path.stem}", or rename the file to {profile.key}.toml.',
        )
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
        f"the profile {path} has {len(found)} {values} that cannot be used",
        remedy="Mend the values named; the form is described in docs/profiles.md.",
        findings=found,
    )
