//! Files in and out: scenario and roster documents, tables.
