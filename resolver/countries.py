"""ISO 3166-1 alpha-2 codes by the English names that publishers of lists, and people, write.

One line for each country: its code, then every spelling met in the files of OFAC, the United Nations,
the Bureau of Industry and Security and the Consolidated Screening List, case ignored. A place that is no country of its own
in ISO 3166 stands under the one that ISO gives it to; `xk` is Kosovo's user-assigned code.
"""

from __future__ import annotations

_NAMES = """
ad Andorra
ae United Arab Emirates|UAE|U.A.E.
af Afghanistan
ag Antigua and Barbuda
ai Anguilla
al Albania
am Armenia
ao Angola
ar Argentina
as American Samoa
at Austria
au Australia
aw Aruba
az Azerbaijan
ba Bosnia and Herzegovina|Bosnia-Herzegovina
bb Barbados
bd Bangladesh
be Belgium
bf Burkina Faso
bg Bulgaria
bh Bahrain
bi Burundi
bj Benin
bm Bermuda
bn Brunei|Brunei Darussalam
bo Bolivia|Bolivia (Plurinational State of)
br Brazil
bs Bahamas|Bahamas, The|The Bahamas
bt Bhutan
bw Botswana
by Belarus
bz Belize
ca Canada
cd Congo, Democratic Republic of the|Democratic Republic of the Congo|Congo (Democratic Republic)
cf Central African Republic
cg Congo, Republic of the|Republic of the Congo|Congo
ch Switzerland
ci Cote d Ivoire|Cote d'Ivoire|Côte d'Ivoire|Côte d’Ivoire|Ivory Coast
ck Cook Islands
cl Chile
cm Cameroon
cn China|People's Republic of China|P.R. China|PRC
co Colombia
cr Costa Rica
cu Cuba
cv Cabo Verde|Cape Verde
cw Curacao|Curaçao
cy Cyprus
cz Czech Republic|Czechia
de Germany
dj Djibouti
dk Denmark
dm Dominica
do Dominican Republic
dz Algeria
ec Ecuador
ee Estonia
eg Egypt
er Eritrea
es Spain
et Ethiopia
fi Finland
fj Fiji
fm Micronesia|Micronesia, Federated States of
fo Faroe Islands
fr France
ga Gabon
gb United Kingdom|Great Britain|England|United Kingdom of Great Britain and Northern Ireland|UK
gd Grenada
ge Georgia
gf French Guiana
gg Guernsey
gh Ghana
gi Gibraltar
gl Greenland
gm Gambia|Gambia, The|The Gambia
gn Guinea
gp Guadeloupe
gq Equatorial Guinea
gr Greece
gt Guatemala
gu Guam
gw Guinea-Bissau|Guinea Bissau
gy Guyana
hk Hong Kong|China, Hong Kong Special Administrative Region|Hong Kong SAR
hn Honduras
hr Croatia
ht Haiti
hu Hungary
id Indonesia
ie Ireland
il Israel
im Isle of Man|Man, Isle of
in India
iq Iraq
ir Iran|Iran (Islamic Republic of)|Islamic Republic of Iran
is Iceland
it Italy
je Jersey
jm Jamaica
jo Jordan
jp Japan
ke Kenya
kg Kyrgyzstan|Kyrgyz Republic
kh Cambodia
ki Kiribati
km Comoros
kn Saint Kitts and Nevis|St. Kitts and Nevis|St. Kitts & Nevis
kp Korea, North|North Korea|Democratic People's Republic of Korea|DPRK
kr Korea, South|South Korea|Republic of Korea|Korea
kw Kuwait
ky Cayman Islands
kz Kazakhstan
la Laos|Lao People's Democratic Republic
lb Lebanon
lc Saint Lucia
li Liechtenstein
lk Sri Lanka
lr Liberia
ls Lesotho
lt Lithuania
lu Luxembourg
lv Latvia
ly Libya
ma Morocco
mc Monaco
md Moldova|Republic of Moldova
me Montenegro
mg Madagascar
mh Marshall Islands
mk North Macedonia|Macedonia|North Macedonia, The Republic of|Macedonia, The Former Yugoslav Republic of
ml Mali
mm Burma|Myanmar|Burma (Myanmar)
mn Mongolia
mo Macau|Macao|China, Macao Special Administrative Region
mp Northern Mariana Islands
mq Martinique
mr Mauritania
mt Malta
mu Mauritius
mv Maldives
mw Malawi
mx Mexico
my Malaysia
mz Mozambique
na Namibia
nc New Caledonia
ne Niger
ng Nigeria
ni Nicaragua
nl Netherlands|The Netherlands
no Norway
np Nepal
nr Nauru
nu Niue
nz New Zealand
om Oman
pa Panama
pe Peru
pf French Polynesia
pg Papua New Guinea
ph Philippines|The Philippines
pk Pakistan
pl Poland
pr Puerto Rico
ps Palestinian|State of Palestine|West Bank|Region: Gaza|Gaza|West Bank (Palestinian Authority)
pt Portugal
pw Palau
py Paraguay
qa Qatar
re Reunion
ro Romania
rs Serbia
ru Russia|Russian Federation
rw Rwanda
sa Saudi Arabia
sb Solomon Islands
sc Seychelles
sd Sudan|Region: Kafia Kingi
se Sweden
sg Singapore
si Slovenia
sk Slovakia|Slovak Republic
sl Sierra Leone
sm San Marino
sn Senegal
so Somalia
sr Suriname
ss South Sudan
st Sao Tome and Principe
sv El Salvador
sx Sint Maarten
sy Syria|Syrian Arab Republic
sz Eswatini|Swaziland
tc Turks and Caicos Islands
td Chad
tg Togo
th Thailand
tj Tajikistan
tl Timor-Leste|East Timor
tm Turkmenistan
tn Tunisia
to Tonga
tr Turkey|Türkiye|Turkiye
tt Trinidad and Tobago
tv Tuvalu
tw Taiwan
tz Tanzania|United Republic of Tanzania
ua Ukraine|Region: Crimea|Crimea (Region of Ukraine)
ug Uganda
us United States|United States of America|USA|U.S.A.
uy Uruguay
uz Uzbekistan
va Holy See|Vatican City
vc Saint Vincent and the Grenadines|St. Vincent and the Grenadines
ve Venezuela|Venezuela (Bolivarian Republic of)
vg Virgin Islands, British|British Virgin Islands
vi Virgin Islands, U.S.|U.S. Virgin Islands|United States Virgin Islands
vn Vietnam|Viet Nam
vu Vanuatu
ws Samoa
xk Kosovo
ye Yemen
za South Africa
zm Zambia
zw Zimbabwe
"""


def _codes() -> dict[str, str]:
    codes = {}
    for line in _NAMES.strip().splitlines():
        code, _, names = line.partition(" ")
        codes.update(dict.fromkeys(names.lower().split("|"), code))
    return codes


COUNTRY = _codes()
"""Name in lower case -> code."""

CODES = frozenset(COUNTRY.values())
"""Every code that stands in the table."""


def named(text: str) -> str | None:
    """The code of a country written by its name, in any case; None where the table does not know it."""
    return COUNTRY.get(" ".join(text.split()).replace("’", "'").lower())


def country(text: str) -> str | None:
    """The code of a country written by its code or its name. Only for a field that holds codes: to the United Nations,
    "na" is not Namibia."""
    lowered = text.strip().lower()
    return lowered if lowered in CODES else named(text)
