"""Settings: defaults here, one file (hcc.toml beside the Makefile), then the environment (HCC_...)."""

from functools import cached_property
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource


class Settings(BaseSettings):
    """Where things lie and how much may be used; every field can be set as HCC_<FIELD>."""

    model_config = SettingsConfigDict(env_prefix="HCC_", toml_file="hcc.toml", extra="forbid", frozen=True)

    data_dir: Path = Field(Path("data"), description="Folder for deliveries, landed files, keys and the warehouse.")
    reports_dir: Path = Field(Path("reports"), description="Folder for the reports.")
    mappings_dir: Path = Field(Path("site_mappings"), description="Folder with one mapping folder per hospital.")
    studies_dir: Path = Field(Path("studies"), description="Folder with one file per study.")
    threads: int = Field(2, ge=1, description="Threads for the database engine.")
    memory_limit: str = Field(
        "1GB",
        pattern=r"^\d+(\.\d+)?\s?(MB|GB|MiB|GiB)$",
        description="Memory for the database engine; files are read by an engine of their own, with as much.",
    )
    chunk_rows: int = Field(250_000, ge=1_000, description="Rows per chunk at the gate.")
    refused_rows_ceiling_percent: float = Field(
        10.0,
        ge=0,
        le=100,
        description="Share of a table's rows that may be quarantined before the delivery is refused.",
    )
    refused_cells_ceiling_percent: float = Field(
        20.0,
        ge=0,
        le=100,
        description="Share of a column's filled cells that may be set aside before the delivery is refused.",
    )
    lock_wait_seconds: float = Field(600.0, ge=0, description="How long a second writer waits for the warehouse.")

    @cached_property
    def raw_dir(self) -> Path:
        """Deliveries as they came: raw/<site>/<delivery>/."""
        return self.data_dir / "raw"

    @cached_property
    def landed_dir(self) -> Path:
        """Deliveries as text rows in Parquet, identities removed."""
        return self.data_dir / "landed"

    @cached_property
    def keys_dir(self) -> Path:
        """Pseudonym keys, one file per site."""
        return self.data_dir / "keys"

    @cached_property
    def frozen_dir(self) -> Path:
        """Frozen data sets, one folder each."""
        return self.data_dir / "frozen"

    @cached_property
    def warehouse_path(self) -> Path:
        """The DuckDB file."""
        return self.data_dir / "warehouse.duckdb"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - Pydantic passes it by name
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Order the sources: what is said in code, then the environment, then hcc.toml."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)
