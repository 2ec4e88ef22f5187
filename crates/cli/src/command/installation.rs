//! The settings of an installation: flags over environment over file over default.

use crate::args::{Database, Installation};
use crate::settings::{Settings, Source};
use crate::settings_place;

impl Installation {
    /// The same for a command that examines what is installed: without a flag that says otherwise, the package's.
    pub(super) fn or_packaged(&self) -> Self {
        let is_otherwise_named = self.db.is_some() || self.listen.is_some() || !self.log.is_empty();
        Self {
            config: settings_place::or_packaged(self.config.as_deref(), is_otherwise_named),
            ..self.clone()
        }
    }

    /// What is in force with these flags.
    pub(super) fn settings(&self) -> anyhow::Result<Settings> {
        let mut settings = Settings::load(self.config.as_deref())?;
        if let Some(listen) = self.listen {
            settings.server.listen = listen;
        }
        if let Some(url) = &self.db {
            settings.store.url = url.clone().into();
        }
        if let Some(model) = &self.model {
            settings.detection.model = Some(model.clone());
        }
        settings.sources.extend(self.log.iter().map(|path| Source {
            path: Some(path.clone()),
            syslog: None,
            name: None,
            format: self.log_format.as_ref().map(ToString::to_string),
            time_zone: self.time_zone.as_ref().map(ToString::to_string),
        }));
        settings.validate()?;
        Ok(settings)
    }

    /// The flag that set a setting.
    pub(super) fn flag(&self, key: &str) -> Option<&'static str> {
        match key {
            "server.listen" => self.listen.map(|_| "--listen"),
            "store.url" => self.db.as_ref().map(|_| "--db"),
            "detection.model" => self.model.as_ref().map(|_| "--model"),
            "sources" => self.log.first().map(|_| "--log"),
            _ => None,
        }
    }
}

impl Database {
    /// The settings of the installation whose database is meant.
    pub(super) fn settings(&self) -> anyhow::Result<Settings> {
        let file = settings_place::or_packaged(self.config.as_deref(), self.db.is_some());
        let mut settings = Settings::load(file.as_deref())?;
        if let Some(url) = &self.db {
            settings.store.url = url.clone().into();
        }
        Ok(settings)
    }
}
