//! Rows put straight into the database.

use std::collections::{BTreeMap, HashMap};

use diesel::prelude::*;
use diesel::sql_types::{Jsonb, Text};
use serde_json::{Map, Value};

#[derive(QueryableByName)]
struct Column {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    column_name: String,
    #[diesel(sql_type = Text)]
    data_type: String,
    #[diesel(sql_type = diesel::sql_types::Bool)]
    needed: bool,
}

/// A connection that knows the columns of every table.
pub struct Rows {
    connection: PgConnection,
    columns: HashMap<String, BTreeMap<String, (String, bool)>>,
}

impl Rows {
    /// Looks the columns up.
    pub fn new(mut connection: PgConnection) -> Self {
        let list: Vec<Column> = diesel::sql_query(
            "SELECT table_name::text, column_name::text, data_type::text, \
                 is_nullable = 'NO' AND column_default IS NULL AS needed \
             FROM information_schema.columns WHERE table_schema = 'public'",
        )
        .load(&mut connection)
        .expect("the columns");
        let mut columns: HashMap<String, BTreeMap<String, (String, bool)>> = HashMap::new();
        for Column { table_name, column_name, data_type, needed } in list {
            columns.entry(table_name).or_default().insert(column_name, (data_type, needed));
        }
        Self { connection, columns }
    }

    /// Inserts a row. Columns that must have a value and are not given get an empty one of their
    /// type, so that a new column elsewhere does not end the walk.
    #[track_caller]
    pub fn db_insert(&mut self, table: &str, given: Value) {
        let columns = self.columns.get(table).unwrap_or_else(|| panic!("a table {table}"));
        let mut row: Map<String, Value> = given.as_object().cloned().expect("an object");
        for (column, (data_type, needed)) in columns {
            if *needed && !row.contains_key(column) {
                row.insert(column.clone(), empty(data_type));
            }
        }
        assert_eq!(self.insert(table, row, ""), Ok(1), "{table}");
    }

    /// As [`Self::db_insert`], but nothing happens if the row is there.
    #[track_caller]
    pub fn db_insert_once(&mut self, table: &str, given: Value) {
        let row = given.as_object().cloned().expect("an object");
        let done = self.insert(table, row, "ON CONFLICT DO NOTHING");
        assert!(done.is_ok(), "{table}: {done:?}");
    }

    fn insert(&mut self, table: &str, row: Map<String, Value>, rest: &str) -> QueryResult<usize> {
        let names: Vec<_> = row.keys().map(String::as_str).collect();
        let names = names.join(", ");
        diesel::sql_query(format!(
            "INSERT INTO {table} ({names}) \
             SELECT {names} FROM jsonb_populate_record(NULL::{table}, $1) {rest}"
        ))
        .bind::<Jsonb, _>(Value::Object(row))
        .execute(&mut self.connection)
    }

    /// The connection, for queries.
    pub fn connection(&mut self) -> &mut PgConnection {
        &mut self.connection
    }
}

fn empty(data_type: &str) -> Value {
    match data_type {
        "uuid" => "00000000-0000-0000-0000-000000000000".into(),
        "text" => "".into(),
        "bytea" => "\\x00".into(),
        "date" => "2026-01-01".into(),
        "timestamp with time zone" => "2026-01-01T00:00:00Z".into(),
        "jsonb" => Map::new().into(),
        "ARRAY" => Vec::<Value>::new().into(),
        "boolean" => false.into(),
        _ => 0.into(),
    }
}
