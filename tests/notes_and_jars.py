"""The content model of the fault tests: notes are pages, jars are items."""

MODEL = {
    "larder_schema": 1,
    "locales": [],
    "components": [],
    "page_types": [{"key": "note", "name": "Note", "fields": [{"key": "text", "name": "Text", "type": "short_text"}]}],
    "single_pages": [],
    "collections": [
        {"key": "jars", "name": "Jars", "label": "name", "fields": [{"key": "name", "name": "Name", "type": "short_text"}]}
    ],
}
