"""The report on one load: reports/<site>.html and .json."""
