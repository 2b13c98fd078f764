"""Export tables of the warehouse to the files of other programs: CSV, Parquet, Excel, SPSS and Stata."""
