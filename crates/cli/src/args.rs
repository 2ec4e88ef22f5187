//! The command line.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// A web application firewall that learns, and its control room.
#[derive(Debug, Parser)]
#[command(name = "bartizan", version, about, max_term_width = 110, arg_required_else_help = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Read access logs, judge every request, and serve the dashboard
    Serve(Serve),
    /// Look at logs once and report what is in them: attacks, attackers, targets, slow endpoints
    Scan(Scan),
    /// Examine an installation and say what to mend: configuration, logs, database, disk, clock, model, exposure
    Doctor(Doctor),
    /// Ask a running server whether it is healthy
    Health(Health),
    /// Judge one request, given as JSON on standard input, and explain the verdict
    Check(Check),
    /// Measure detection quality on labelled requests
    Eval(Eval),
    /// Train a model from labelled requests: weights, manifest and model card
    Train(Train),
    /// Make, list and change the people who may log in
    #[command(subcommand)]
    User(User),
    /// Make, list and revoke the tokens that programs send
    #[command(subcommand)]
    Token(Token),
    /// Show or check the configuration
    #[command(subcommand)]
    Config(Config),
    /// Look after the database: its state, backups, old rows
    #[command(subcommand)]
    Db(Db),
    /// Print the OpenAPI document of the API
    Openapi,
    /// Print what makes a shell complete commands and options
    #[command(after_help = COMPLETIONS_EXAMPLES)]
    Completions {
        /// Which shell
        shell: clap_complete::Shell,
    },
    /// Write the man pages of all commands into a folder
    Man {
        /// An existing folder
        folder: PathBuf,
    },
}

const COMPLETIONS_EXAMPLES: &str = "Examples:\n  \
    bartizan completions bash > ~/.local/share/bash-completion/completions/bartizan\n  \
    bartizan completions zsh > ~/.zfunc/_bartizan\n  \
    bartizan completions fish > ~/.config/fish/completions/bartizan.fish";

/// Which installation is meant: what flags add to the configuration.
#[derive(Debug, Clone, Args)]
pub(crate) struct Installation {
    /// Configuration file (YAML); `bartizan config default` prints one
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Access log to read, then follow; a pattern such as '/var/log/nginx/*.access.log', or - for standard input; may be
    /// given several times
    #[arg(long, value_name = "FILE")]
    pub(crate) log: Vec<PathBuf>,
    /// Format of the lines, found in them when left out: a name such as haproxy or iis, nginx:<log_format> or
    /// apache:<LogFormat> (docs/formats.md)
    #[arg(long, value_name = "FORMAT")]
    pub(crate) log_format: Option<bartizan_ingest::FormatChoice>,
    /// Zone of times that name none, such as Europe/Berlin [default: UTC]
    #[arg(long, value_name = "ZONE")]
    pub(crate) time_zone: Option<bartizan_ingest::LogZone>,
    /// Address and port to listen on [default: 127.0.0.1:3001]
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub(crate) listen: Option<SocketAddr>,
    /// Database [default: sqlite://data/bartizan.db]
    #[arg(long, value_name = "URL")]
    pub(crate) db: Option<String>,
    /// Folder of another model than the one in the binary
    #[arg(long, value_name = "DIR")]
    pub(crate) model: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[command(mut_arg("log_format", |format| format.visible_alias("format")))]
pub(crate) struct Serve {
    #[command(flatten)]
    pub(crate) installation: Installation,
    /// Write realistic invented traffic to data/demo/access.log and watch that, with a database of its own
    #[arg(long, conflicts_with = "log")]
    pub(crate) demo: bool,
}

/// What `doctor --help` says after the options.
const DOCTOR_EXIT_CODES: &str = "Exit codes:\n  0  everything is as it should be\n  \
    1  it works, and something should be looked at\n  2  something does not work\n\n\
    Run it as the user that serves, for permissions are that user's. Without --config, --log, --db and --listen it\n  \
    examines /etc/bartizan/bartizan.yaml, where the package is installed.";

#[derive(Debug, Args)]
#[command(after_help = DOCTOR_EXIT_CODES)]
pub(crate) struct Doctor {
    #[command(flatten)]
    pub(crate) installation: Installation,
    /// How the findings are written
    #[arg(long, value_enum, default_value_t = FindingsFormat::Text)]
    pub(crate) format: FindingsFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum FindingsFormat {
    Text,
    Json,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Exit codes:\n  0  the server is healthy\n  1  it does not answer, or model or database fail"
)]
pub(crate) struct Health {
    /// Configuration file (YAML) that names the address [default: /etc/bartizan/bartizan.yaml, where the package is
    /// installed]
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Address and port that the server listens on [default: 127.0.0.1:3001]
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub(crate) listen: Option<SocketAddr>,
}

/// What `scan --help` says after the options.
const SCAN_EXIT_CODES: &str = "Exit codes:\n  0  the report was made, and no condition of --fail-on is met\n  \
    1  a condition of --fail-on is met\n  2  nothing could be read, or the report could not be written\n  \
    3  the report was made, but a file is damaged or cut off, and was read up to there only";

#[derive(Debug, Args)]
#[command(after_help = SCAN_EXIT_CODES)]
pub(crate) struct Scan {
    /// Access logs, also packed with gzip or zstd, folders of them, or - for standard input
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Format of the lines, found in them when left out: a name such as haproxy or iis, nginx:<log_format> or
    /// apache:<LogFormat> (docs/formats.md)
    #[arg(long, value_name = "FORMAT")]
    pub(crate) log_format: Option<bartizan_ingest::FormatChoice>,
    /// Zone of times that name none, such as Europe/Berlin [default: UTC]
    #[arg(long, value_name = "ZONE")]
    pub(crate) time_zone: Option<bartizan_ingest::LogZone>,
    /// How the report is written; html is one file that can be mailed
    #[arg(long, value_enum, default_value_t = ReportFormat::Text)]
    pub(crate) format: ReportFormat,
    /// Write the report to a file instead of standard output
    #[arg(long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Fail (exit 1) on any of these: attack; suspicious, which includes attacks; success, an attack answered with 2xx;
    /// class=NAME, such as class=sql_injection; may be repeated
    #[arg(long, value_name = "CONDITION")]
    pub(crate) fail_on: Vec<bartizan_scan::Gate>,
    /// Rows of each table
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub(crate) top: usize,
    /// Threads to judge with [default: all cores]
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<std::num::NonZeroUsize>,
    /// Show no progress
    #[arg(long, short)]
    pub(crate) quiet: bool,
    /// Folder of another model than the one in the binary
    #[arg(long, value_name = "DIR")]
    pub(crate) model: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum ReportFormat {
    Text,
    Json,
    Html,
}

#[derive(Debug, Args)]
pub(crate) struct Check {
    /// Answer as JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// Folder of another model than the one in the binary
    #[arg(long, value_name = "DIR")]
    pub(crate) model: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Eval {
    /// Labelled requests (.jsonl), raw requests (.http, .req, .raw; several divided by lines of ###), access logs, or
    /// folders of them
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Answer as JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// What the raw requests and log lines are; without it they are counted, but in no rate
    #[arg(long, value_name = "LABEL", value_parser = ["attack", "benign"])]
    pub(crate) label: Option<String>,
    /// Fail (exit 1) when a figure is below a value, on any file or on all pooled: tpr=0.95, auc=0.99,
    /// balanced_accuracy=0.97, tpr_at_fpr:0.001=0.9; may be repeated
    #[arg(long, value_name = "NAME=VALUE")]
    pub(crate) fail_under: Vec<bartizan_train::Limit>,
    /// Fail (exit 1) when a figure is above a value: fpr=0.001; may be repeated
    #[arg(long, value_name = "NAME=VALUE")]
    pub(crate) fail_over: Vec<bartizan_train::Limit>,
    /// List that many mistakes of each file
    #[arg(long, value_name = "N")]
    pub(crate) errors: Option<usize>,
    /// Measure no times: the same input then gives the same bytes
    #[arg(long)]
    pub(crate) no_latency: bool,
    /// Write every row with its score to a file, JSON Lines
    #[arg(long, value_name = "FILE")]
    pub(crate) scores: Option<PathBuf>,
    /// Write the figures, with hash of the model and date, to a file: named quality.json beside the model's files, the
    /// dashboard shows them
    #[arg(long, value_name = "FILE", conflicts_with_all = ["threshold", "label"])]
    pub(crate) quality: Option<PathBuf>,
    /// Judge at this score instead of the model's own block threshold
    #[arg(long, value_name = "T")]
    pub(crate) threshold: Option<f64>,
    /// Folder of another model than the one in the binary
    #[arg(long, value_name = "DIR")]
    pub(crate) model: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Train {
    /// Folder that holds train/*.jsonl and validate/*.jsonl
    #[arg(long, value_name = "DIR")]
    pub(crate) data: PathBuf,
    /// Folder to write weights.safetensors, manifest.json and MODEL_CARD.md to
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// Seed of everything random; the same seed and data give the same model
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
}

/// Which database is meant.
#[derive(Debug, Args)]
pub(crate) struct Database {
    /// Configuration file (YAML) that names the database [default: /etc/bartizan/bartizan.yaml, where the package is
    /// installed]
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Database, in place of the configured one [default: sqlite://data/bartizan.db]
    #[arg(long, value_name = "URL")]
    pub(crate) db: Option<String>,
}

const USER_ADD_EXAMPLES: &str = "Examples:\n  bartizan user add ann --email ann@example.com --role operator\n  \
    bartizan user add ann --email ann@example.com --stdin < password.txt";
const USER_PASSWD_EXAMPLES: &str =
    "Examples:\n  bartizan user passwd ann\n  bartizan user passwd ann --stdin < password.txt";

#[derive(Debug, Subcommand)]
pub(crate) enum User {
    /// Make a user; prints a one-time password unless one is given
    #[command(after_help = USER_ADD_EXAMPLES)]
    Add {
        /// Name to log in with: letters, digits and . _ @ -
        name: String,
        /// Address of the person
        #[arg(long)]
        email: String,
        /// viewer sees, operator also acts on alerts and checks, admin also changes thresholds, users and tokens
        #[arg(long, value_enum, default_value_t = RoleName::Viewer)]
        role: RoleName,
        /// The person's name
        #[arg(long)]
        full_name: Option<String>,
        /// Read the password from standard input; it need not be replaced then
        #[arg(long)]
        stdin: bool,
        #[command(flatten)]
        database: Database,
    },
    /// List all users
    List {
        #[command(flatten)]
        database: Database,
    },
    /// Replace a password and end the user's logins; prints a one-time password unless one is given
    #[command(after_help = USER_PASSWD_EXAMPLES)]
    Passwd {
        /// Name of the user
        name: String,
        /// Read the password from standard input; it need not be replaced then
        #[arg(long)]
        stdin: bool,
        #[command(flatten)]
        database: Database,
    },
    /// Refuse a user's logins and tokens, and end those that are open
    #[command(after_help = "Example:\n  bartizan user disable ann")]
    Disable {
        /// Name of the user
        name: String,
        #[command(flatten)]
        database: Database,
    },
    /// Accept a disabled user again
    #[command(after_help = "Example:\n  bartizan user enable ann")]
    Enable {
        /// Name of the user
        name: String,
        #[command(flatten)]
        database: Database,
    },
    /// Delete a user with logins and tokens
    #[command(after_help = "Example:\n  bartizan user remove ann")]
    Remove {
        /// Name of the user
        name: String,
        #[command(flatten)]
        database: Database,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum RoleName {
    Viewer,
    Operator,
    Admin,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum ScopeName {
    Read,
    Operate,
    Admin,
}

const TOKEN_CREATE_EXAMPLES: &str = "Examples:\n  bartizan token create prometheus\n  \
    bartizan token create nightly-report --scope read --days 90\n\nA program sends it as\n  Authorization: Bearer TOKEN";

#[derive(Debug, Subcommand)]
pub(crate) enum Token {
    /// Make a token; it is printed this once
    #[command(after_help = TOKEN_CREATE_EXAMPLES)]
    Create {
        /// What it is for
        name: String,
        /// read sees, operate also acts on alerts and submits requests, admin also changes thresholds, users and tokens
        #[arg(long, value_enum, default_value_t = ScopeName::Read)]
        scope: ScopeName,
        /// Days after which it ends [default: it does not]
        #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=3660))]
        days: Option<u16>,
        #[command(flatten)]
        database: Database,
    },
    /// List all tokens, without their secrets
    List {
        #[command(flatten)]
        database: Database,
    },
    /// Delete a token; whoever sends it is refused from then on
    #[command(after_help = "Example:\n  bartizan token revoke 3")]
    Revoke {
        /// Its number, as `bartizan token list` shows it
        id: i64,
        #[command(flatten)]
        database: Database,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Db {
    /// Show version, size and oldest row, also while a server runs
    Status(Database),
    /// Bring the schema to the version of this build (`serve` does so too); no server may use the database meanwhile
    Migrate(Database),
    /// Write a consistent copy to a new file, also while a server runs
    #[command(
        after_help = "A copy of SQLite is an SQLite file; for PostgreSQL pg_dump writes its custom format.\n\
        Example:\n  bartizan db backup /var/backups/bartizan-2026-03-04.db"
    )]
    Backup {
        /// The new file
        file: PathBuf,
        #[command(flatten)]
        database: Database,
    },
    /// Put a backup in place; no server may use the database meanwhile
    Restore {
        /// What `db backup` wrote
        file: PathBuf,
        /// Give up what the database holds now
        #[arg(long)]
        replace: bool,
        #[command(flatten)]
        database: Database,
    },
    /// Delete what retention no longer keeps, at once; no server may use the database meanwhile
    Prune(Database),
}

#[derive(Debug, Subcommand)]
pub(crate) enum Config {
    /// Print the commented default configuration
    Default,
    /// Print the settings in force; without flags those of the package, where it is installed
    Show {
        #[command(flatten)]
        installation: Installation,
        /// Print one setting per line, with where it comes from: default, environment, the file, or a flag
        #[arg(long)]
        origins: bool,
    },
    /// Say whether a configuration file is valid, or what is wrong in which line and column
    Check {
        /// Configuration file
        #[arg(long, value_name = "FILE")]
        config: PathBuf,
    },
}
