"""The dataset as files: panel CSV and Stata, long Parquet tables, codebook, data package. ``build`` makes them all."""
