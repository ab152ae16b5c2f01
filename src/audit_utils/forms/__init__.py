"""What knows the two forms: labels, taxonomy, and how text lays their cells out."""

from audit_utils.forms.text import read_forms

__all__ = ["read_forms"]
