"""Files of statistics programs: SPSS and SAS transport."""
