"""A content model with every field type, and with keys that are trouble in some language."""

# The options that a type needs; all others need none.
TYPES = {
    "short_text": {}, "long_text": {}, "wysiwyg": {}, "html": {}, "markdown": {"rendered": True}, "number": {}, "checkbox": {},
    "date": {}, "date_time": {}, "dropdown": {"options": [{"value": 'a "quote"', "label": "A"}, {"value": "b\\", "label": "B"}]},
    "color": {}, "url": {}, "email": {}, "json": {}, "form": {}, "media": {}, "reference": {"to": {"collection": "class"}},
    "component": {"component": "type"}, "component_picker": {},
    "repeater": {"fields": [{"key": "self", "type": "short_text"}, {"key": "404", "type": "number"}]},
}

# Keywords, names of types, digits in front, names that become the same, names that mean something to an object.
KEYS = [
    "class", "type", "fn", "func", "def", "self", "Self", "super", "crate", "None", "True", "null", "package", "import", "r", "str",
    "float", "List", "Optional", "string", "String", "Hero", "hero", "a-b", "a_b", "A-B", "aB", "404", "4-0-4", "_", "__", "-", "--",
    "__proto__", "__init__", "constructor", "prototype", "toString", "meta", "Meta", "id", "x" * 100, "async", "await", "match",
    "interface", "enum", "any", "Fields", "Link", "Picked", "Media", "Page", "Item", "Value", "data",
]

# What could end a comment, or a text, early.
TROUBLE = 'x */ y """ z \\ \' # // <!-- --> \r\n \u2028 \u202e ä 日本'


def named(key, kind="short_text", **options):
    return {"key": key, "type": kind, "name": TROUBLE, "help": TROUBLE, **options}


def every_type():
    fields = [named(f"f-{kind}", kind, **options) for kind, options in TYPES.items()]
    to = {"links": {"collection": "class"}, "pages": {"page_type": "404"}, "single": {"page_type": "*"}}
    return fields + [named(f"{name}-many", "reference", to=where, many=True) for name, where in to.items()]


def model():
    texts = [named(key) for key in KEYS]
    return {
        "larder_schema": 1,
        "components": [
            {"key": "type", "name": TROUBLE, "help": TROUBLE, "fields": texts},
            {"key": "Type", "fields": [named("title")]},
            {"key": "hero", "fields": [named("inner", "component", component="type"), named("more", "component_picker")]},
            {"key": "Hero", "fields": [named("title")]},
            {"key": "404", "fields": [named("title")]},
            {"key": "String", "fields": [named("title")]},
            {"key": "Picked", "fields": [named("title")]},
            {"key": "a-b", "fields": [named("title")]},
            {"key": "a_b", "fields": [named("title")]},
        ],
        "page_types": [
            {"key": "404", "name": TROUBLE, "fields": every_type()},
            {"key": "page", "fields": texts},
            {"key": "Hero", "fields": [named("related", "reference", to={"page_type": "Hero"})]},
        ],
        "single_pages": [{"key": "home", "fields": every_type()}, {"key": "hero", "fields": [named("title")]}],
        "collections": [
            # A field `meta` hides the items' own, which has their ids.
            {"key": "class", "fields": [text for text in texts if text["key"] != "meta"]},
            {"key": "menu", "fields": [named("up", "reference", to={"collection": "menu"}), named("meta")]},
        ],
    }


def empty_model():
    return {"larder_schema": 1}
