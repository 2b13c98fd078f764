"""The page of all hospitals side by side: reports/index.html."""
