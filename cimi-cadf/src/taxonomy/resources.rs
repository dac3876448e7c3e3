//! The taxonomy of resources.

taxonomy! {
    /// Types of resources. More specific types extend these, such as `compute/machine/virtual`.
    ///
    /// Sources disagree about `data/file/log` and `data/log`, and the same for `catalog`: both are here.
    pub mod resource {
        /// What holds data.
        STORAGE = "storage",
        /// What computes.
        COMPUTE = "compute",
        /// What connects.
        NETWORK = "network",
        /// What serves others.
        SERVICE = "service",
        /// What is data.
        DATA = "data",
        /// The type is not known.
        UNKNOWN = "unknown",
        /// A node of a storage system.
        STORAGE_NODE = "storage/node",
        /// A volume or disk.
        STORAGE_VOLUME = "storage/volume",
        /// Memory.
        STORAGE_MEMORY = "storage/memory",
        /// A container of objects or blobs.
        STORAGE_CONTAINER = "storage/container",
        /// A directory of files.
        STORAGE_DIRECTORY = "storage/directory",
        /// A database.
        STORAGE_DATABASE = "storage/database",
        /// A queue.
        STORAGE_QUEUE = "storage/queue",
        /// A physical or logical system.
        COMPUTE_NODE = "compute/node",
        /// A processor.
        COMPUTE_CPU = "compute/cpu",
        /// A machine, virtual or not.
        COMPUTE_MACHINE = "compute/machine",
        /// A process.
        COMPUTE_PROCESS = "compute/process",
        /// A thread.
        COMPUTE_THREAD = "compute/thread",
        /// A node of a network.
        NETWORK_NODE = "network/node",
        /// A host in a network.
        NETWORK_NODE_HOST = "network/node/host",
        /// A connection.
        NETWORK_CONNECTION = "network/connection",
        /// A domain of a network.
        NETWORK_DOMAIN = "network/domain",
        /// A cluster of nodes.
        NETWORK_CLUSTER = "network/cluster",
        /// Support of operation.
        SERVICE_OSS = "service/oss",
        /// Monitoring.
        SERVICE_OSS_MONITORING = "service/oss/monitoring",
        /// Logging.
        SERVICE_OSS_LOGGING = "service/oss/logging",
        /// Support of business.
        SERVICE_BSS = "service/bss",
        /// Metering.
        SERVICE_BSS_METERING = "service/bss/metering",
        /// Composition of other services, orchestration.
        SERVICE_COMPOSITION = "service/composition",
        /// Computing.
        SERVICE_COMPUTE = "service/compute",
        /// Databases.
        SERVICE_DATABASE = "service/database",
        /// Images.
        SERVICE_IMAGE = "service/image",
        /// Networks.
        SERVICE_NETWORK = "service/network",
        /// Security: identity, policy, keys.
        SERVICE_SECURITY = "service/security",
        /// Accounts.
        SERVICE_SECURITY_ACCOUNT = "service/security/account",
        /// A user of the service, as it acts.
        SERVICE_SECURITY_ACCOUNT_USER = "service/security/account/user",
        /// Management of keys. An addition of `OpenStack`.
        SERVICE_SECURITY_KEYMANAGER = "service/security/keymanager",
        /// A filter that audits. An addition of `OpenStack`.
        SERVICE_SECURITY_AUDIT_FILTER = "service/security/audit/filter",
        /// Storage.
        SERVICE_STORAGE = "service/storage",
        /// Storage in blocks.
        SERVICE_STORAGE_BLOCK = "service/storage/block",
        /// Storage of objects.
        SERVICE_STORAGE_OBJECT = "service/storage/object",
        /// Storage of images. An addition of `OpenStack`.
        SERVICE_STORAGE_IMAGE = "service/storage/image",
        /// A message.
        DATA_MESSAGE = "data/message",
        /// A stream of messages.
        DATA_MESSAGE_STREAM = "data/message/stream",
        /// A piece of work.
        DATA_WORKLOAD = "data/workload",
        /// An application.
        DATA_WORKLOAD_APP = "data/workload/app",
        /// A service as a piece of work.
        DATA_WORKLOAD_SERVICE = "data/workload/service",
        /// A task.
        DATA_WORKLOAD_TASK = "data/workload/task",
        /// A job.
        DATA_WORKLOAD_JOB = "data/workload/job",
        /// A file.
        DATA_FILE = "data/file",
        /// A catalog, as a file.
        DATA_FILE_CATALOG = "data/file/catalog",
        /// A log, as a file.
        DATA_FILE_LOG = "data/file/log",
        /// A catalog.
        DATA_CATALOG = "data/catalog",
        /// A log.
        DATA_LOG = "data/log",
        /// A report.
        DATA_REPORT = "data/report",
        /// A configuration.
        DATA_CONFIG = "data/config",
        /// A directory, such as one of people.
        DATA_DIRECTORY = "data/directory",
        /// An image.
        DATA_IMAGE = "data/image",
        /// A module of software.
        DATA_MODULE = "data/module",
        /// A package of software.
        DATA_PACKAGE = "data/package",
        /// A template.
        DATA_TEMPLATE = "data/template",
        /// A database and what is in it.
        DATA_DATABASE = "data/database",
        /// An alias of a database.
        DATA_DATABASE_ALIAS = "data/database/alias",
        /// A catalog of a database.
        DATA_DATABASE_CATALOG = "data/database/catalog",
        /// Constraints of a database.
        DATA_DATABASE_CONSTRAINTS = "data/database/constraints",
        /// An index of a database.
        DATA_DATABASE_INDEX = "data/database/index",
        /// An instance of a database.
        DATA_DATABASE_INSTANCE = "data/database/instance",
        /// A key of a database.
        DATA_DATABASE_KEY = "data/database/key",
        /// A routine of a database.
        DATA_DATABASE_ROUTINE = "data/database/routine",
        /// A schema of a database.
        DATA_DATABASE_SCHEMA = "data/database/schema",
        /// A sequence of a database.
        DATA_DATABASE_SEQUENCE = "data/database/sequence",
        /// A table of a database.
        DATA_DATABASE_TABLE = "data/database/table",
        /// A trigger of a database.
        DATA_DATABASE_TRIGGER = "data/database/trigger",
        /// A view of a database.
        DATA_DATABASE_VIEW = "data/database/view",
        /// Data that security rests on.
        DATA_SECURITY = "data/security",
        /// An account.
        DATA_SECURITY_ACCOUNT = "data/security/account",
        /// A user.
        DATA_SECURITY_ACCOUNT_USER = "data/security/account/user",
        /// A privilege of a user.
        DATA_SECURITY_ACCOUNT_USER_PRIVILEGE = "data/security/account/user/privilege",
        /// A credential.
        DATA_SECURITY_CREDENTIAL = "data/security/credential",
        /// A domain of security.
        DATA_SECURITY_DOMAIN = "data/security/domain",
        /// An endpoint of a service.
        DATA_SECURITY_ENDPOINT = "data/security/endpoint",
        /// A group of users.
        DATA_SECURITY_GROUP = "data/security/group",
        /// An identity.
        DATA_SECURITY_IDENTITY = "data/security/identity",
        /// A key.
        DATA_SECURITY_KEY = "data/security/key",
        /// A license.
        DATA_SECURITY_LICENSE = "data/security/license",
        /// A policy.
        DATA_SECURITY_POLICY = "data/security/policy",
        /// A profile.
        DATA_SECURITY_PROFILE = "data/security/profile",
        /// A project. An addition of `OpenStack`.
        DATA_SECURITY_PROJECT = "data/security/project",
        /// A region. An addition of `OpenStack`.
        DATA_SECURITY_REGION = "data/security/region",
        /// A service, as the catalog has it. An addition of `OpenStack`.
        DATA_SECURITY_SERVICE = "data/security/service",
        /// A delegation of roles. An addition of `OpenStack`.
        DATA_SECURITY_TRUST = "data/security/trust",
        /// What a manager of keys keeps. An addition of `OpenStack`.
        DATA_SECURITY_KEYMANAGER = "data/security/keymanager",
        /// A secret. An addition of `OpenStack`.
        DATA_SECURITY_KEYMANAGER_SECRET = "data/security/keymanager/secret",
        /// A container of secrets. An addition of `OpenStack`.
        DATA_SECURITY_KEYMANAGER_CONTAINER = "data/security/keymanager/container",
        /// An order of a secret. An addition of `OpenStack`.
        DATA_SECURITY_KEYMANAGER_ORDER = "data/security/keymanager/order",
        /// A role.
        DATA_SECURITY_ROLE = "data/security/role",
    }
}
