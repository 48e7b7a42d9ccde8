//! What invoices charge for, with list prices of the right order of magnitude. The sandbox sells nothing: the numbers
//! are made up, only their form is Atlas's.

/// One thing that is charged for.
#[derive(Debug)]
pub(crate) struct Sku {
    /// Its name on invoices.
    pub(crate) id: &'static str,
    pub(crate) description: &'static str,
    /// The service it counts for in the cost explorer.
    pub(crate) service: &'static str,
    /// `cloudProvider`.
    pub(crate) provider: &'static str,
    pub(crate) unit: &'static str,
    pub(crate) dollars: f64,
}

/// The services invoices can be searched by.
pub(crate) const SERVICES: &[&str] = &[
    "Atlas",
    "Clusters",
    "Storage",
    "Serverless Instances",
    "Backup",
    "Data Transfer",
    "BI Connector",
    "DSC Compute",
    "DSC Storage",
    "Premium Features",
    "Atlas Data Federation",
    "Atlas Stream Processing",
    "App Services",
    "Charts",
    "Cloud Manager",
    "Cloud Manager Standard/Premium",
    "Legacy Backup",
    "AI Model APIs",
    "Automated Embedding",
    "Native Reranking",
    "Flex Consulting",
    "Support",
    "Credits",
];

macro_rules! skus {
    ($($id:literal, $description:literal, $service:literal, $provider:literal, $unit:literal, $dollars:literal;)*) => {
        &[$(Sku {
            id: $id,
            description: $description,
            service: $service,
            provider: $provider,
            unit: $unit,
            dollars: $dollars,
        },)*]
    };
}

/// Everything that can be on an invoice.
pub(crate) const SKUS: &[Sku] = skus! {
    "NDS_AWS_INSTANCE_M10", "Atlas instance M10 on AWS", "Clusters", "AWS", "server hours", 0.08;
    "NDS_AWS_INSTANCE_M30", "Atlas instance M30 on AWS", "Clusters", "AWS", "server hours", 0.54;
    "NDS_AWS_INSTANCE_M50", "Atlas instance M50 on AWS", "Clusters", "AWS", "server hours", 2.0;
    "NDS_AWS_STORAGE_PROVISIONED", "Atlas provisioned storage on AWS", "Storage", "AWS", "GB hours", 0.000_2;
    "NDS_AWS_BACKUP_SNAPSHOT_STORAGE", "Atlas backup snapshots on AWS", "Backup", "AWS", "GB days", 0.004_7;
    "NDS_AWS_DATA_TRANSFER_SAME_REGION", "Atlas data transfer within a region on AWS", "Data Transfer", "AWS", "GB", 0.01;
    "NDS_AWS_DATA_TRANSFER_INTERNET", "Atlas data transfer to the internet on AWS", "Data Transfer", "AWS", "GB", 0.09;
    "NDS_AZURE_INSTANCE_M10", "Atlas instance M10 on Azure", "Clusters", "AZURE", "server hours", 0.09;
    "NDS_AZURE_INSTANCE_M30", "Atlas instance M30 on Azure", "Clusters", "AZURE", "server hours", 0.59;
    "NDS_AZURE_INSTANCE_M50", "Atlas instance M50 on Azure", "Clusters", "AZURE", "server hours", 2.1;
    "NDS_AZURE_STORAGE_PROVISIONED", "Atlas provisioned storage on Azure", "Storage", "AZURE", "GB hours", 0.000_2;
    "NDS_AZURE_BACKUP_SNAPSHOT_STORAGE", "Atlas backup snapshots on Azure", "Backup", "AZURE", "GB days", 0.005_7;
    "NDS_AZURE_DATA_TRANSFER_SAME_REGION", "Atlas data transfer within a region on Azure", "Data Transfer", "AZURE", "GB", 0.01;
    "NDS_AZURE_DATA_TRANSFER_INTERNET", "Atlas data transfer to the internet on Azure", "Data Transfer", "AZURE", "GB", 0.087;
    "NDS_GCP_INSTANCE_M10", "Atlas instance M10 on Google Cloud", "Clusters", "GCP", "server hours", 0.085;
    "NDS_GCP_INSTANCE_M30", "Atlas instance M30 on Google Cloud", "Clusters", "GCP", "server hours", 0.55;
    "NDS_GCP_INSTANCE_M50", "Atlas instance M50 on Google Cloud", "Clusters", "GCP", "server hours", 2.05;
    "NDS_GCP_STORAGE_PROVISIONED", "Atlas provisioned storage on Google Cloud", "Storage", "GCP", "GB hours", 0.000_2;
    "NDS_GCP_BACKUP_SNAPSHOT_STORAGE", "Atlas backup snapshots on Google Cloud", "Backup", "GCP", "GB days", 0.005_1;
    "NDS_GCP_DATA_TRANSFER_SAME_REGION", "Atlas data transfer within a region on Google Cloud", "Data Transfer", "GCP", "GB", 0.01;
    "NDS_GCP_DATA_TRANSFER_INTERNET", "Atlas data transfer to the internet on Google Cloud", "Data Transfer", "GCP", "GB", 0.12;
    "NDS_ADVANCED_SECURITY", "Atlas advanced security", "Premium Features", "ATLAS", "server hours", 0.02;
    "NDS_SUPPORT", "Atlas support subscription", "Support", "ATLAS", "months", 1_200.0;
};

/// The thing of that name.
pub(super) fn named(id: &str) -> Option<&'static Sku> {
    SKUS.iter().find(|sku| sku.id == id)
}
