"""A name's normal form in any script, and a company name's anatomy: place, brand, trade and legal form.

`fold` is the form in which names are compared, `parse` takes a name apart, `key` is equal for names that differ in nothing
but word order, abbreviation and legal form, `latin` is a name in the Latin alphabet, its places and trades translated.
No name is ever reduced to nothing: where every word of it is a legal form, the words are its brand.
"""

from resolver.names.anatomy import Anatomy, is_form_alone, key, latin, parse, sense
from resolver.names.writing import fold, has_han, pinyin, simplified

__all__ = ["Anatomy", "fold", "has_han", "is_form_alone", "key", "latin", "parse", "pinyin", "sense", "simplified"]
