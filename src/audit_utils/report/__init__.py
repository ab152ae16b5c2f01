"""From tables to pages: what the report notebooks show, and how they are published."""
