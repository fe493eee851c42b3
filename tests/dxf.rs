//! Floor plans drawn as DXF by another program.

mod common;

use common::rota_in;
use std::fs;

const DRAWING: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/floor_plans/five_desks.dxf");

fn desks(more: &[&str]) -> Vec<u64> {
    let folder = tempfile::tempdir().expect("a folder");
    let ask = ["capacity", DRAWING, "--distance", "1.5,2.1", "--format", "json"];
    let document = rota_in(folder.path(), &[&ask[..], more].concat()).exits(0).json();
    assert_eq!(document["counted"]["desks"], 5);
    let distances = document["distances"].as_array().expect("a list").clone();
    distances.iter().map(|answer| answer["desks"].as_u64().expect("a number")).collect()
}

/// N1 and N2 stand 1.4 m apart with a wall between, N3, N4 and N5 in a row 2 m away, 1.4 m apart. At 1.5 m both of the
/// first row and N3 and N5 can be used, at 2.1 m no longer N1 beside N3: N1, N2 and N5.
#[test]
fn desks_walls_and_units_of_a_drawing() {
    assert_eq!(desks(&[]), [4, 3]);
    assert_eq!(desks(&["--unit", "mm"]), [4, 3]);
    // In centimetres everything is ten times as far apart.
    assert_eq!(desks(&["--unit", "cm"]), [5, 5]);
}

#[test]
fn a_drawing_without_a_unit_or_a_wall_and_broken_ones() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = fs::read_to_string(DRAWING).expect("read").replace("\r\n", "\n");
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("written");
    let said = |name: &str| rota_in(folder.path(), &["capacity", name, "--distance", "1.5"]).exits(2).err;
    let unit = "$INSUNITS\n 70\n4\n";
    assert!(text.contains(unit), "the fixture gives its unit");
    write("unitless.dxf", &text.replace(unit, "$INSUNITS\n 70\n0\n"));
    let err = said("unitless.dxf");
    assert!(err.contains("does not say how long its units are") && err.contains("--scale"), "{err}");
    write("no_desks.dxf", &text.replace("A-DESK", "A-FURN").replace("DESK_1400", "F_1400"));
    assert!(said("no_desks.dxf").contains("there are no desks in this drawing"));
    write("cut.dxf", &text[..text.len() / 2]);
    rota_in(folder.path(), &["capacity", "cut.dxf", "--distance", "1.5"]).exits(2);
    write("twice.dxf", &text.replace("\nN3\n", "\nN4\n"));
    let err = said("twice.dxf");
    assert!(err.contains("`N4`") && err.contains("twice.dxf:"), "{err}");
    write("not.dxf", "desk,x,y\n");
    assert!(said("not.dxf").contains("this is no DXF drawing"));
    // Without the wall N1 and N2 are too near each other.
    write("open.dxf", &text.replace("A-WALL", "A-GRID"));
    let run =
        rota_in(folder.path(), &["capacity", "open.dxf", "--distance", "1.5", "--format", "json"]).exits(0);
    assert_eq!(run.json()["distances"][0]["desks"], 3);
}
