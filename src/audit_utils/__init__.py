"""Performance forms of Chinese public bodies, from the document to findings and reports.

`document -> lines -> forms -> tables -> checks, findings -> notebooks -> HTML`
"""
