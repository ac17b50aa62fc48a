"""A harbour as a federation of five subgraphs, and the same harbour as one schema: entities over several subgraphs by simple
and composite keys, unions, interfaces, value types, lists of lists, nullable and non-null fields, fields with @requires."""

from __future__ import annotations

from typing import Final

LINK: Final = """
extend schema @link(
  url: "https://specs.apollo.dev/federation/v2.3"
  import: ["@key", "@shareable", "@external", "@requires", "@provides"]
)
"""

FLEET: Final = """
type Query {
  vessels: [Vessel!]!
  vessel(id: ID!): Vessel
  maybeVessels(first: Int): [Vessel]
  finds: [Find]
  strictFinds: [Find!]
  floating: [Floating!]
  flagship: Vessel!
}
interface Floating { id: ID!  name: String  neighbour: Floating }
type Vessel implements Floating @key(fields: "id") {
  id: ID!
  name: String
  tonnage: Int!
  kind: Kind
  kinds: [Kind!]
  neighbour: Floating
  sisters: [Vessel!]
  owner: Owner
  launched(format: Int): String
}
type Buoy implements Floating @key(fields: "id") { id: ID!  name: String  mark: String!  neighbour: Floating }
type Wreck { year: Int  of: Vessel  name(upper: Boolean): String! }
union Find = Vessel | Buoy | Wreck
union Owner = Person | Company
type Person @key(fields: "email") { email: ID! }
type Company @key(fields: "id") { id: ID!  title: String! }
enum Kind { SAIL STEAM }
"""

CREW: Final = """
type Query { people(first: Int): [Person]  harbourMaster: Person }
type Person @key(fields: "email") {
  email: ID!
  name: String!
  rank: Rank
  nick(style: Int): String
  friends: [Person]
  commands: [Vessel!]!
}
type Vessel @key(fields: "id") {
  id: ID!
  captain: Person
  mate: Person!
  crew: [Person!]!
  watches: [[Person]!]
  strictWatches: [[Person!]!]
}
enum Rank { CAPTAIN MATE HAND }
"""

DOCK: Final = """
type Query { berths: [Berth!]  crates(first: Int): [Crate]  manifest: [[Crate!]] }
type Vessel @key(fields: "id") { id: ID!  berth: Berth  crates: [Crate!]  cargo: [[Crate]] }
type Berth @key(fields: "quay slot") { quay: String!  slot: Int!  depth: Float  moored: [Vessel!] }
type Crate @key(fields: "tag") @key(fields: "serial") {
  tag: ID!
  serial: Int!
  weight: Int
  label: String!
  dims: Dims
}
type Dims @shareable { height: Int!  width: Int }
"""

CUSTOMS: Final = """
type Query { inspections: [Inspection!]! }
type Crate @key(fields: "serial") {
  serial: Int!
  weight: Int @external
  duty: Int @requires(fields: "weight")
  inspector: Person
  cleared: Boolean!
}
type Vessel @key(fields: "id") {
  id: ID!
  tonnage: Int! @external
  berth: Berth @external
  toll: Float @requires(fields: "tonnage berth { depth }")
  papers: [Paper]
}
type Berth @key(fields: "quay slot", resolvable: false) { quay: String!  slot: Int!  depth: Float @external }
type Person @key(fields: "email") { email: ID!  clearances: Int }
interface Paper { no: ID!  about: Crate }
type Invoice implements Paper { no: ID!  about: Crate  total: Float! }
type Permit implements Paper { no: ID!  about: Crate  issuer: Person!  valid: Boolean }
type Inspection { of: Subject  by: Person!  note(length: Int): String }
union Subject = Crate | Person
"""

WEATHER: Final = """
type Query { located: [Located!]  storm: Storm }
interface Located { id: ID!  position: String  forecast: [Forecast!]! }
type Vessel implements Located @key(fields: "id") { id: ID!  position: String  forecast: [Forecast!]!  latest: Reading }
type Buoy implements Located @key(fields: "id") {
  id: ID!
  position: String
  forecast: [Forecast!]!
  readings: [Reading]
  latest: Reading!
}
type Berth @key(fields: "quay slot") { quay: String!  slot: Int!  wind: Int }
type Forecast { day: Int!  wind: Int  text: String! }
type Reading { wave: Float!  at: Buoy }
type Storm { name: String!  path: [Located]  grid: [[Reading!]!]! }
"""

SUBGRAPHS: Final = {"fleet": FLEET, "crew": CREW, "dock": DOCK, "customs": CUSTOMS, "weather": WEATHER}

MONOLITH: Final = """
type Query {
  vessels: [Vessel!]!
  vessel(id: ID!): Vessel
  maybeVessels(first: Int): [Vessel]
  finds: [Find]
  strictFinds: [Find!]
  floating: [Floating!]
  flagship: Vessel!
  people(first: Int): [Person]
  harbourMaster: Person
  berths: [Berth!]
  crates(first: Int): [Crate]
  manifest: [[Crate!]]
  inspections: [Inspection!]!
  located: [Located!]
  storm: Storm
}
interface Floating { id: ID!  name: String  neighbour: Floating }
interface Located { id: ID!  position: String  forecast: [Forecast!]! }
type Vessel implements Floating & Located {
  id: ID!
  name: String
  tonnage: Int!
  kind: Kind
  kinds: [Kind!]
  neighbour: Floating
  sisters: [Vessel!]
  owner: Owner
  launched(format: Int): String
  captain: Person
  mate: Person!
  crew: [Person!]!
  watches: [[Person]!]
  strictWatches: [[Person!]!]
  berth: Berth
  crates: [Crate!]
  cargo: [[Crate]]
  toll: Float
  papers: [Paper]
  position: String
  forecast: [Forecast!]!
  latest: Reading
}
type Buoy implements Floating & Located {
  id: ID!
  name: String
  mark: String!
  neighbour: Floating
  position: String
  forecast: [Forecast!]!
  readings: [Reading]
  latest: Reading!
}
type Wreck { year: Int  of: Vessel  name(upper: Boolean): String! }
union Find = Vessel | Buoy | Wreck
union Owner = Person | Company
type Company { id: ID!  title: String! }
enum Kind { SAIL STEAM }
type Person {
  email: ID!
  name: String!
  rank: Rank
  nick(style: Int): String
  friends: [Person]
  commands: [Vessel!]!
  clearances: Int
}
enum Rank { CAPTAIN MATE HAND }
type Berth { quay: String!  slot: Int!  depth: Float  moored: [Vessel!]  wind: Int }
type Crate {
  tag: ID!
  serial: Int!
  weight: Int
  label: String!
  dims: Dims
  duty: Int
  inspector: Person
  cleared: Boolean!
}
type Dims { height: Int!  width: Int }
interface Paper { no: ID!  about: Crate }
type Invoice implements Paper { no: ID!  about: Crate  total: Float! }
type Permit implements Paper { no: ID!  about: Crate  issuer: Person!  valid: Boolean }
type Inspection { of: Subject  by: Person!  note(length: Int): String }
union Subject = Crate | Person
type Forecast { day: Int!  wind: Int  text: String! }
type Reading { wave: Float!  at: Buoy }
type Storm { name: String!  path: [Located]  grid: [[Reading!]!]! }
"""
