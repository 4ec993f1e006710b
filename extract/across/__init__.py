"""What is compared across reports: documents of one report, years, neighbours, levels; and who should have reported.

Pure functions over plain mappings of only the numbers that each needs: 200,000 reports are compared in minutes. What is
worked out of the forms is worked out once. Rows are read and kept by whoever calls.
"""
