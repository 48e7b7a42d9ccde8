//! Projects and their limits.

use crate::{Group, GroupChanges, GroupId, Limit, Migration, Name, NewGroup};

calls! {
    /// The projects the credential sees.
    list list_groups() -> Group;
    /// One project.
    one get_group(group: &GroupId) -> Group;
    /// The project of that name.
    one get_group_by_name(name: &Name) -> Group;
    /// A new project.
    one create_group(new: &NewGroup) -> Group;
    /// Another name or other tags of a project; given tags replace the old ones.
    one update_group(group: &GroupId, changes: &GroupChanges) -> Group;
    /// Deletes a project that has no clusters any more.
    none delete_group(group: &GroupId);
    /// Moves a project to another organization.
    one migrate_group(group: &GroupId, to: &Migration) -> Group;
    /// The limits of a project.
    list list_group_limits(group: &GroupId) -> Limit;
    /// One limit of a project.
    one get_group_limit(group: &GroupId, limit: &Name) -> Limit;
    /// Another value for a limit of a project.
    one set_group_limit(group: &GroupId, limit: &Name, value: i64) -> Limit;
    /// Gives a limit of a project its default value again.
    none delete_group_limit(group: &GroupId, limit: &Name);
}
