//! What operations are called in policies.

use crate::lifecycle;
use crate::meta::Type;

/// The names that an operation has in policies, the one of CIMI first.
///
/// That is `cimi:TYPE:OPERATION`, with the name of the type in 2.0 and the name of the operation: `edit`, `delete`, an
/// action such as `stop`, or the whole URI of a provider's own action. Reading a resource is `read`. An operation on a
/// collection is one of the type of its members: reading is `list`, creating `add`, then `insert` and `remove`. Where
/// OpenStack or EC2 have a name for the same, a policy may say that instead: it is among the [`ACTIONS`].
///
/// ```
/// use cimi_model::ext::access::action_names;
/// use cimi_model::reflect::Described;
/// use cimi_model::{Collection, Machine};
///
/// let names = action_names(Machine::TYPE, "http://schemas.dmtf.org/cimi/2/action/stop");
/// assert_eq!(names, ["cimi:Machine:stop", "os_compute_api:servers:stop", "compute:stop", "ec2:StopInstances"]);
/// assert_eq!(action_names(Collection::<Machine>::TYPE, "read")[0], "cimi:Machine:list");
/// ```
#[must_use]
pub fn action_names(record_type: &Type, operation: &str) -> Vec<String> {
    let mut operation = lifecycle::name(operation);
    let mut name = record_type.name;
    if let Some(members) = record_type.members {
        name = (members.item)().name;
        if operation == "read" {
            operation = "list";
        }
    }
    let known = ACTIONS.iter().filter(|(of, action, _)| (*of, *action) == (name, operation));
    let others = known.flat_map(|(_, _, names)| names.iter().map(|name| (*name).to_owned()));
    std::iter::once(format!("cimi:{name}:{operation}")).chain(others).collect()
}

/// The operation that an HTTP method invokes on a resource or collection, as [`action_names`] takes it (4.2): `read`
/// for GET, HEAD and OPTIONS, `edit` for PUT, `delete` for DELETE, `add` for POST to a collection. `None` for a POST to
/// a resource, whose body says the action, and for any other method.
#[must_use]
pub fn operation_of_method(method: &str, record_type: &Type) -> Option<&'static str> {
    Some(match method {
        "GET" | "HEAD" | "OPTIONS" => "read",
        "PUT" => "edit",
        "DELETE" => "delete",
        "POST" if record_type.members.is_some() => "add",
        _ => return None,
    })
}

/// What the operations of CIMI are called by OpenStack and EC2: the type, the operation, the names.
pub const ACTIONS: &[(&str, &str, &[&str])] = &[
    ("Machine", "list", &["os_compute_api:servers:index", "compute:get_all", "ec2:DescribeInstances"]),
    ("Machine", "read", &["os_compute_api:servers:show", "compute:get", "ec2:DescribeInstances"]),
    ("Machine", "add", &["os_compute_api:servers:create", "compute:create", "ec2:RunInstances"]),
    ("Machine", "edit", &["os_compute_api:servers:update", "compute:update", "ec2:ModifyInstanceAttribute"]),
    ("Machine", "delete", &["os_compute_api:servers:delete", "compute:delete", "ec2:TerminateInstances"]),
    ("Machine", "start", &["os_compute_api:servers:start", "compute:start", "ec2:StartInstances"]),
    ("Machine", "stop", &["os_compute_api:servers:stop", "compute:stop", "ec2:StopInstances"]),
    ("Machine", "restart", &["os_compute_api:servers:reboot", "compute:reboot", "ec2:RebootInstances"]),
    ("Machine", "pause", &["os_compute_api:os-pause-server:pause", "compute:pause"]),
    ("Machine", "suspend", &["os_compute_api:os-suspend-server:suspend", "compute:suspend"]),
    ("Machine", "capture", &["os_compute_api:servers:create_image", "compute:snapshot", "ec2:CreateImage"]),
    (
        "LocatedVolume",
        "add",
        &["os_compute_api:os-volumes-attachments:create", "compute:attach_volume", "ec2:AttachVolume"],
    ),
    (
        "LocatedVolume",
        "delete",
        &["os_compute_api:os-volumes-attachments:delete", "compute:detach_volume", "ec2:DetachVolume"],
    ),
    ("Volume", "list", &["volume:get_all", "ec2:DescribeVolumes"]),
    ("Volume", "read", &["volume:get", "ec2:DescribeVolumes"]),
    ("Volume", "add", &["volume:create", "ec2:CreateVolume"]),
    ("Volume", "edit", &["volume:update", "ec2:ModifyVolume"]),
    ("Volume", "delete", &["volume:delete", "ec2:DeleteVolume"]),
    ("Volume", "snapshot", &["volume:create_snapshot", "ec2:CreateSnapshot"]),
    ("Network", "list", &["get_network", "ec2:DescribeVpcs"]),
    ("Network", "read", &["get_network", "ec2:DescribeVpcs"]),
    ("Network", "add", &["create_network", "ec2:CreateVpc"]),
    ("Network", "edit", &["update_network", "ec2:ModifyVpcAttribute"]),
    ("Network", "delete", &["delete_network", "ec2:DeleteVpc"]),
];
