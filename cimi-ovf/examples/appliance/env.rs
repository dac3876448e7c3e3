//! `env FILE --machine ID [--set [CLASS.]KEY[.INSTANCE]=VALUE]… [--option ID]`: the environment document of a machine.
//!
//! The file is a descriptor or an OVA. Where several machines have one identifier, those of the collections around it go
//! before it: `tier/web`. What `${}` names that does not exist goes to standard error as `warning: PATH: text`.

use std::path::PathBuf;

use cimi_ovf::Deployment;
use cimi_ovf::environment::{EnvironmentDocument, EnvironmentOptions};
use cimi_ovf::properties::Properties;

pub(crate) const USAGE: &str = "env FILE --machine ID [--set [CLASS.]KEY[.INSTANCE]=VALUE]... [--option ID]";

struct Arguments {
    file: PathBuf,
    machine: String,
    values: Vec<(String, String)>,
    option: Option<String>,
}

pub(crate) fn run(parser: &mut lexopt::Parser) -> crate::Outcome {
    let arguments = arguments(parser)?;
    crate::print(&environment(&arguments)?)
}

fn arguments(parser: &mut lexopt::Parser) -> Result<Arguments, lexopt::Error> {
    use lexopt::prelude::*;
    let (mut file, mut machine, mut values, mut option) = (None, None, Vec::new(), None);
    while let Some(argument) = parser.next()? {
        match argument {
            Long("machine") => machine = Some(parser.value()?.string()?),
            Long("option") => option = Some(parser.value()?.string()?),
            Long("set") => values.push(assignment(&parser.value()?.string()?)?),
            Value(value) if file.is_none() => file = Some(value.into()),
            other => return Err(other.unexpected()),
        }
    }
    let file = file.ok_or("a file is needed")?;
    Ok(Arguments { file, machine: machine.ok_or("a machine is needed (--machine)")?, values, option })
}

/// The text is not repeated in the message, for the value may be a password.
fn assignment(text: &str) -> Result<(String, String), lexopt::Error> {
    let (key, value) = text.split_once('=').ok_or("--set needs KEY=VALUE")?;
    Ok((key.to_owned(), value.to_owned()))
}

fn environment(arguments: &Arguments) -> cimi_ovf::Result<Vec<u8>> {
    let descriptor = crate::descriptor::read(&arguments.file)?;
    let deployment = Deployment::choose(&descriptor.envelope, arguments.option.as_deref())?;
    let mut properties = Properties::new(&descriptor, deployment)?;
    let machine = properties.machine(&arguments.machine)?;
    for (key, value) in &arguments.values {
        properties.set(machine, key, value)?;
    }
    let generated = EnvironmentDocument::generate(&properties, machine, &EnvironmentOptions::default())?;
    for note in &generated.deviations {
        eprintln!("warning: {note}");
    }
    generated.value.to_vec()
}
