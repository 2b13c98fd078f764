"""One file per revision, named <revision>_<what>.py; the greatest is the newest."""
