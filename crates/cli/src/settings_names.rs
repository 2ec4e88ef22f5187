//! Other names of settings, as files of earlier dashboards have them: `api_server.host` and `.port`, `database.url`,
//! `data_retention`. They are read as the settings of today, before anything else looks at them.

use figment::providers::Serialized;
use figment::value::{Dict, Map, Value};
use figment::{Error, Metadata, Profile, Provider};

/// Sections by another name, and ours.
const SECTIONS: [(&str, &str); 3] =
    [("api_server", "server"), ("database", "store"), ("data_retention", "retention")];

/// What stands in for the half of an address that is not given.
const HOST: &str = "127.0.0.1";
const PORT: &str = "3001";

/// Our name of a setting.
pub(crate) fn canonical(key: &[String]) -> Vec<String> {
    let mut key = key.to_vec();
    let Some(first) = key.first_mut() else { return key };
    let other = SECTIONS.iter().find(|(other, _)| other == first);
    if let Some((other, ours)) = other {
        let is_address = *other == "api_server";
        (*ours).clone_into(first);
        if let Some(name) = key.get_mut(1).filter(|name| is_address && (*name == "host" || *name == "port")) {
            "listen".clone_into(name);
        }
    }
    key
}

/// A layer of settings whose other names are read as ours.
pub(crate) struct Renamed<P>(pub(crate) P);

impl<P: Provider> Provider for Renamed<P> {
    fn metadata(&self) -> Metadata {
        self.0.metadata()
    }

    fn data(&self) -> Result<Map<Profile, Dict>, Error> {
        let mut data = self.0.data()?;
        data.values_mut().for_each(rename);
        Ok(data)
    }

    fn profile(&self) -> Option<Profile> {
        self.0.profile()
    }
}

fn rename(settings: &mut Dict) {
    for (other, ours) in SECTIONS {
        // What is no section is left where it is, and refused by its name.
        if !matches!(settings.get(other), Some(Value::Dict(..))) {
            continue;
        }
        let Some(Value::Dict(tag, mut members)) = settings.remove(other) else { continue };
        if other == "api_server" {
            join_address(&mut members);
        }
        match settings.get_mut(ours) {
            Some(Value::Dict(_, known)) => {
                for (name, value) in members {
                    known.entry(name).or_insert(value);
                }
            }
            _ => {
                settings.insert(ours.to_owned(), Value::Dict(tag, members));
            }
        }
    }
}

/// Makes `listen` of `host` and `port`.
fn join_address(members: &mut Dict) {
    let (host, port) = (members.remove("host"), members.remove("port"));
    let Some(tag) = host.as_ref().or(port.as_ref()).map(Value::tag) else { return };
    let text = |value: Option<Value>, default: &str| match value {
        Some(Value::String(_, text)) => text,
        Some(Value::Num(_, number)) => number.to_u128().map_or_else(String::new, |number| number.to_string()),
        Some(_) => String::new(),
        None => default.to_owned(),
    };
    let (host, port) = (text(host, HOST), text(port, PORT));
    let host = if host == "localhost" { HOST.to_owned() } else { host };
    let host = if host.contains(':') && !host.starts_with('[') { format!("[{host}]") } else { host };
    members.entry("listen".to_owned()).or_insert(Value::String(tag, format!("{host}:{port}")));
}

/// One setting by itself.
pub(crate) fn one(name: &str, value: Value) -> Renamed<Serialized<Value>> {
    Renamed(Serialized::default(name, value))
}
