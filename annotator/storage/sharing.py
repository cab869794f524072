"""Whether a project lies where locks cannot be trusted: on a network, or in a synced folder."""

import sys
from pathlib import Path

_SYNCED = {
    "dropbox": "Dropbox",
    "onedrive": "OneDrive",
    "google drive": "Google Drive",
    "googledrive": "Google Drive",
    "my drive": "Google Drive",
    "icloud drive": "iCloud",
    "mobile documents": "iCloud",
    "nextcloud": "Nextcloud",
    "owncloud": "ownCloud",
    "box sync": "Box",
    "seafile": "Seafile",
    "syncthing": "Syncthing",
    "yandex.disk": "Yandex Disk",
}
_NETWORK = {
    "nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "ncpfs", "9p", "ceph", "glusterfs", "lustre", "gpfs",
    "fuse.sshfs", "fuse.rclone", "fuse.glusterfs", "fuse.s3fs", "davfs", "fuse.davfs2",
}  # fmt: skip
_INSTEAD = "Keep the project on this computer's own disk, and merge the annotators' files."


def sharing_warning(path: Path, mounts: str | None = None) -> str | None:
    """One line for a person, None when the place is fine; `mounts` is the text of /proc/mounts."""
    place = path.absolute()
    for part in place.parts[:-1]:
        # "OneDrive - Company" and "Dropbox (Personal)" are the same services.
        name = part.casefold().partition(" - ")[0].partition(" (")[0]
        if name in _SYNCED:
            return f"{place} lies in a folder that {_SYNCED[name]} copies and may overwrite. {_INSTEAD}"
    kind = _network(place, _mounts() if mounts is None else mounts)
    if kind:
        return f"{place} lies on a network drive ({kind}): two people could write at once. {_INSTEAD}"
    return None


def _mounts() -> str:
    try:
        return Path("/proc/mounts").read_text("utf-8", "surrogateescape") if sys.platform == "linux" else ""
    except OSError:
        return ""


def _network(place: Path, mounts: str) -> str | None:
    """The type of the network file system that holds a path, None for a local one."""
    if place.as_posix().startswith("//"):
        return "a Windows share"
    kinds: dict[str, str] = {}
    for line in mounts.splitlines():
        fields = line.split(" ")
        if len(fields) > 2:
            kinds[fields[1].replace("\\040", " ")] = fields[2]  # the last mount on a point counts
    kind = next((kinds[str(parent)] for parent in place.parents if str(parent) in kinds), "")
    return kind if kind in _NETWORK else None
