//! Resources of machines.

use cimi_model::record;

use super::Node;
use super::namespaces::{EPASD, RASD, SASD};

record! {
    /// A resource of a machine: `CIM_ResourceAllocationSettingData`, or one of the classes of OVF 2.x for storage and
    /// Ethernet
    /// ports, which add attributes to the same ones.
    pub Item = "Item" Structure [namespace(RASD)] {
        /// Where it was read.
        node: Node = "node",
        /// Whether a consumer that does not know the resource must refuse the descriptor; absent is true.
        required: Option<bool> = "required" [xml_attribute],
        /// The configurations that the item is for, separated by blanks; absent is all.
        configuration: Option<String> = "configuration" [xml_attribute],
        /// `min` or `max` for the bounds of the range of another item; absent is `normal`.
        bound: Option<String> = "bound" [xml_attribute],
        /// Whether storage is read, written, or both.
        access: Option<i64> = "Access" [range(0, 65_535), xml_namespace(SASD)],
        /// The address: of an Ethernet adapter the MAC address, of a controller the number of its bus.
        address: Option<String> = "Address",
        /// The place on the parent.
        address_on_parent: Option<String> = "AddressOnParent",
        /// The unit of the quantity (DSP0004 annex C).
        allocation_units: Option<String> = "AllocationUnits",
        /// The priorities that a port may use.
        allowed_priorities: Vec<String> = "AllowedPriorities" [xml_namespace(EPASD)],
        /// The MAC addresses that a port may receive from.
        allowed_to_receive_mac_addresses: Vec<String> = "AllowedToReceiveMACAddresses" [xml_namespace(EPASD)],
        /// The VLANs that a port may receive from.
        allowed_to_receive_vlans: Vec<String> = "AllowedToReceiveVLANs" [xml_namespace(EPASD)],
        /// The MAC addresses that a port may send to.
        allowed_to_transmit_mac_addresses: Vec<String> = "AllowedToTransmitMACAddresses" [xml_namespace(EPASD)],
        /// The VLANs that a port may send to.
        allowed_to_transmit_vlans: Vec<String> = "AllowedToTransmitVLANs" [xml_namespace(EPASD)],
        /// Whether the resource is connected when the machine starts.
        automatic_allocation: Option<bool> = "AutomaticAllocation",
        /// Whether the resource is released when the machine stops.
        automatic_deallocation: Option<bool> = "AutomaticDeallocation",
        /// The short description.
        caption: Option<String> = "Caption",
        /// When settings may change.
        changeable_type: Option<i64> = "ChangeableType" [range(0, 65_535), v2_only],
        /// The name of the configuration.
        configuration_name: Option<String> = "ConfigurationName" [v2_only],
        /// The networks that an adapter is connected to, by [`Network::name`](super::Network::name).
        connections: Vec<String> = "Connection",
        /// How the guest sees the resource.
        consumer_visibility: Option<i64> = "ConsumerVisibility" [range(0, 65_535)],
        /// The VLAN of untagged frames.
        default_port_vid: Option<i64> = "DefaultPortVID" [range(0, 65_535), xml_namespace(EPASD)],
        /// The priority of frames without one.
        default_priority: Option<i64> = "DefaultPriority" [range(0, 65_535), xml_namespace(EPASD)],
        /// The description.
        description: Option<String> = "Description",
        /// How a port takes part in VLANs.
        desired_vlan_endpoint_mode: Option<i64> = "DesiredVLANEndpointMode" [range(0, 65_535), xml_namespace(EPASD)],
        /// The name for people.
        element_name: Option<String> = "ElementName" [required],
        /// Counts changes.
        generation: Option<i64> = "Generation" [range(0, i64::MAX), v2_only],
        /// The group of the port.
        group_id: Option<i64> = "GroupID" [range(0, 4_294_967_295), xml_namespace(EPASD)],
        /// The extent of the host.
        host_extent_name: Option<String> = "HostExtentName" [xml_namespace(SASD)],
        /// The format of that name.
        host_extent_name_format: Option<i64> = "HostExtentNameFormat" [range(0, 65_535), xml_namespace(SASD)],
        /// The namespace of that name.
        host_extent_name_namespace: Option<i64> = "HostExtentNameNamespace" [range(0, 65_535), xml_namespace(SASD)],
        /// Where storage begins in the extent, in blocks.
        host_extent_starting_address: Option<i64> = "HostExtentStartingAddress" [range(0, i64::MAX), xml_namespace(SASD)],
        /// What backs the resource: `ovf:/disk/ID`, `ovf:/file/ID`.
        host_resources: Vec<String> = "HostResource",
        /// The size of a block of the host in bytes.
        host_resource_block_size: Option<i64> = "HostResourceBlockSize" [range(0, i64::MAX), xml_namespace(SASD)],
        /// The identifier, unique within the section for one bound and configuration.
        instance_id: Option<String> = "InstanceID" [required, aliases(&["InstanceId"])],
        /// The most that is granted, in the unit of the item.
        limit: Option<i64> = "Limit" [range(0, i64::MAX)],
        /// The manager of port types.
        manager_id: Option<i64> = "ManagerID" [range(0, 4_294_967_295), xml_namespace(EPASD)],
        /// How the resource is mapped to what backs it.
        mapping_behavior: Option<i64> = "MappingBehavior" [range(0, 65_535)],
        /// The identifier of the port profile.
        network_port_profile_id: Option<String> = "NetworkPortProfileID" [xml_namespace(EPASD)],
        /// The form of that identifier.
        network_port_profile_id_type: Option<i64> = "NetworkPortProfileIDType" [range(0, 65_535), xml_namespace(EPASD)],
        /// How a port takes part in VLANs, where it is another.
        other_endpoint_mode: Option<String> = "OtherEndpointMode" [xml_namespace(EPASD)],
        /// The format of the name of the extent, where it is another.
        other_host_extent_name_format: Option<String> = "OtherHostExtentNameFormat" [xml_namespace(SASD)],
        /// The namespace of the name of the extent, where it is another.
        other_host_extent_name_namespace: Option<String> = "OtherHostExtentNameNamespace" [xml_namespace(SASD)],
        /// The form of the identifier, where it is another.
        other_network_port_profile_id_type_info: Option<String> = "OtherNetworkPortProfileIDTypeInfo" [xml_namespace(EPASD)],
        /// The kind of resource, where the type is 1.
        other_resource_type: Option<String> = "OtherResourceType",
        /// The [`instance_id`](Self::instance_id) of the controller.
        parent: Option<String> = "Parent",
        /// The pool that the resource is from.
        pool_id: Option<String> = "PoolID",
        /// What the port is correlated by.
        port_correlation_id: Option<String> = "PortCorrelationID" [xml_namespace(EPASD)],
        /// The VLAN of the port.
        port_vid: Option<i64> = "PortVID" [range(0, 65_535), xml_namespace(EPASD)],
        /// Whether the port receives everything.
        promiscuous: Option<bool> = "Promiscuous" [xml_namespace(EPASD)],
        /// The most bandwidth for receiving.
        receive_bandwidth_limit: Option<i64> = "ReceiveBandwidthLimit" [range(0, i64::MAX), xml_namespace(EPASD)],
        /// The least bandwidth for receiving.
        receive_bandwidth_reservation: Option<i64> = "ReceiveBandwidthReservation" [range(0, i64::MAX), xml_namespace(EPASD)],
        /// The least that is granted, in the unit of the item.
        reservation: Option<i64> = "Reservation" [range(0, i64::MAX)],
        /// The model, or several, best first: `E1000`, `buslogic lsilogic`.
        resource_sub_type: Option<String> = "ResourceSubType",
        /// The kind of resource: 3 processor, 4 memory, 10 Ethernet adapter, 15 and 16 CD and DVD drive, 17 disk…
        resource_type: Option<i64> = "ResourceType" [range(0, 65_535)],
        /// The identifier within the organization.
        so_id: Option<String> = "SoID" [v2_only],
        /// The organization.
        so_org_id: Option<String> = "SoOrgID" [v2_only],
        /// Whether frames with foreign source addresses are dropped.
        source_mac_filtering_enabled: Option<bool> = "SourceMACFilteringEnabled" [xml_namespace(EPASD)],
        /// The type of the virtual station interface.
        vsi_type_id: Option<i64> = "VSITypeID" [range(0, 4_294_967_295), xml_namespace(EPASD)],
        /// The version of that type.
        vsi_type_id_version: Option<i64> = "VSITypeIDVersion" [range(0, 255), xml_namespace(EPASD)],
        /// How much: virtual processors, or units of memory.
        virtual_quantity: Option<i64> = "VirtualQuantity" [range(0, i64::MAX)],
        /// The unit of the quantity, where it is another than that of reservation and limit.
        virtual_quantity_units: Option<String> = "VirtualQuantityUnits",
        /// The size of a block that the guest sees, in bytes.
        virtual_resource_block_size: Option<i64> = "VirtualResourceBlockSize" [range(0, i64::MAX), xml_namespace(SASD)],
        /// The share among others where resources are short.
        weight: Option<i64> = "Weight" [range(0, 4_294_967_295)],
    }
}
