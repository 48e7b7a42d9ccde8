//! The parts that pages are made of. All of them are drawn on the server and cost the browser nothing; they take plain
//! values and children, and know neither server functions nor URLs.
//!
//! Optional texts are `String`s of which the empty one means "none", so that a literal, a `String` and
//! `option.unwrap_or_default()` all fit. Errors are `Option<String>`.

pub mod button;
pub mod card;
pub mod chip;
pub mod choice;
pub mod diff;
pub mod field;
pub mod message;
pub mod page;
pub mod table;
pub mod time;
pub mod timeline;
pub mod wizard;

pub use button::{Button, ButtonKind, Confirm, Fold, LinkButton, PostButton};
pub use card::{Card, CardAside, CardFoot, CodeBlock, DescriptionList, Fact, Identifier, Stat, StatRow};
pub use chip::{Avatar, Chip, Dot, RoleChip, StateDot, Tone, initials};
pub use choice::{CheckField, CheckboxList, Choice, ChoiceLayout, RadioCards};
pub use diff::{Diff, DiffGroup, DiffLine, Sign};
pub use field::{ErrorItem, ErrorSummary, Field, Hidden, SelectField, SelectOption, TextArea, Width, field_id};
pub use message::{EmptyState, NoAccess, Note, Problem, Skeleton};
pub use page::{Crumb, Crumbs, HeadLead, HeadStatus, PageHeader};
pub use table::{DataTable, FilterSearch, FilterSelect, Filters, PageLinks, Pagination, Sort, SortHeader, thousands};
pub use time::{Age, AsOf, ExactTime, RelativeTime, age_text, relative_seconds, relative_text, utc_text};
pub use timeline::{Timeline, TimelineEvent, VerdictBar, Vote, Votes};
pub use wizard::{QuestionHead, Step, StepState, Steps, WizardFoot};
