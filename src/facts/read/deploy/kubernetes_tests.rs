use super::*;
use crate::facts::kinds::DeployUnit;
use crate::facts::testing::facts;

fn units(files: &[(&str, &str)]) -> Vec<DeployUnit> {
    facts(files).deploy_units
}

const API: &str = "\
apiVersion: v1
kind: Service
metadata:
  name: api
spec:
  type: LoadBalancer
  selector:
    app: api
  ports:
    - port: 80
      targetPort: 3000
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: api
spec:
  selector:
    matchLabels:
      app: api
  template:
    metadata:
      labels:
        app: api
    spec:
      containers:
        - name: api
          image: acme/api:latest
          ports:
            - containerPort: 3000
";

#[test]
fn a_bare_deployment() {
    let units = units(&[("k8s/api.yaml", API)]);
    let [api] = units.as_slice() else { panic!("{units:?}") };
    assert_eq!((api.kind, api.line, api.instances), (UnitKind::Web, 16, 1));
    assert_eq!((api.redundant, api.health_check), (Answer::No, Answer::No));
    assert_eq!((api.limits, api.privileged, api.image_pinned), (Answer::No, Answer::No, Answer::No));
    assert_eq!((api.runs_as_root, api.development), (Answer::Na, Answer::No));
    let ports: Vec<(u32, u32, bool)> = api.ports.iter().map(|p| (p.host, p.container, p.public)).collect();
    assert_eq!(ports, [(80, 3000, true)]);
}

#[test]
fn a_scaler_and_an_overlay_decide_how_many_run() {
    let scaler = "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata:\n  name: api\nspec:\n  scaleTargetRef:\n    kind: Deployment\n    name: api\n  minReplicas: 3\n";
    let found = units(&[("k8s/api.yaml", API), ("k8s/hpa.yaml", scaler)]);
    assert_eq!((found[0].instances, found[0].redundant), (3, Answer::Yes));
    let overlay =
        |count: u32| format!("resources: [../../base]\nreplicas:\n  - name: api\n    count: {count}\n");
    let base = ("k8s/base/api.yaml", API);
    let (two, five) = (overlay(2), overlay(5));
    let found = units(&[base, ("k8s/overlays/production/kustomization.yaml", &two)]);
    assert_eq!((found[0].instances, found[0].redundant), (2, Answer::Yes));
    let found = units(&[base, ("k8s/overlays/dev/kustomization.yaml", &two)]);
    assert_eq!((found[0].instances, found[0].redundant), (1, Answer::No));
    let found = units(&[
        base,
        ("k8s/overlays/production/kustomization.yaml", &two),
        ("k8s/overlays/us/kustomization.yaml", &five),
    ]);
    assert_eq!(found[0].redundant, Answer::Unknown);
}

#[test]
fn a_patch_is_no_workload() {
    let patch = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: api\nspec:\n  replicas: 4\n  template:\n    spec:\n      containers:\n        - name: api\n          livenessProbe:\n            httpGet: {path: /, port: 3000}\n";
    let found = units(&[("k8s/base/api.yaml", API), ("k8s/overlays/production/api.yaml", patch)]);
    let [api] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!((api.instances, api.health_check), (4, Answer::Unknown));
    assert!(api.unknowns.iter().any(|u| u.cell == "health_check" && u.reason == "an overlay changes it"));
}

fn database(volume: &str) -> String {
    format!(
        "apiVersion: apps/v1\nkind: StatefulSet\nmetadata:\n  name: db\nspec:\n  selector: {{matchLabels: {{app: db}}}}\n  template:\n    metadata: {{labels: {{app: db}}}}\n    spec:\n      containers:\n        - name: db\n          image: postgres:16.4\n          volumeMounts:\n            - {{name: data, mountPath: /var/lib/postgresql/data}}\n{volume}"
    )
}

#[test]
fn a_database_keeps_its_data_in_a_claim() {
    let claim = database("  volumeClaimTemplates:\n    - metadata: {name: data}\n");
    let empty = database("      volumes:\n        - {name: data, emptyDir: {}}\n");
    let lost = |text: &str| {
        let unit = units(&[("k8s/db.yaml", text)]).remove(0);
        assert_eq!((unit.kind, unit.engine.as_str()), (UnitKind::Database, "postgres"));
        unit.ephemeral_disk
    };
    assert_eq!((lost(&claim), lost(&empty)), (Answer::No, Answer::Yes));
    let databases = facts(&[("k8s/db.yaml", &empty)]).databases;
    assert_eq!((databases[0].provider.as_str(), databases[0].durable), ("self", Answer::No));
}

#[test]
fn a_dump_in_the_cluster_is_a_backup() {
    let cron = "apiVersion: batch/v1\nkind: CronJob\nmetadata:\n  name: dump\nspec:\n  schedule: '0 3 * * *'\n  jobTemplate:\n    spec:\n      template:\n        spec:\n          containers:\n            - name: dump\n              image: postgres:16.4\n              command: [/bin/sh, -c, 'pg_dump $DATABASE_URL > /backup/db.sql']\n";
    let claim = database("  volumeClaimTemplates:\n    - metadata: {name: data}\n");
    let with = facts(&[("k8s/db.yaml", &claim), ("k8s/dump.yaml", cron)]).databases;
    let without = facts(&[("k8s/db.yaml", &claim)]).databases;
    assert_eq!((with[0].backed_up, without[0].backed_up), (Answer::Yes, Answer::No));
}

#[test]
fn rights_on_the_machine() {
    let pod = |extra: &str| {
        format!(
            "apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\nspec:\n{extra}  containers:\n    - name: a\n      image: a:1\n      securityContext: {{runAsNonRoot: true}}\n"
        )
    };
    let told = |extra: &str| {
        let unit = units(&[("k8s/a.yaml", &pod(extra))]).remove(0);
        (unit.privileged, unit.runs_as_root)
    };
    assert_eq!(told(""), (Answer::No, Answer::No));
    assert_eq!(told("  hostNetwork: true\n").0, Answer::Yes);
    assert_eq!(told("  volumes:\n    - {name: d, hostPath: {path: /var/run/docker.sock}}\n").0, Answer::Yes);
    assert_eq!(told("  volumes:\n    - {name: d, hostPath: {path: /data/a}}\n").0, Answer::No);
}

#[test]
fn templates_are_not_guessed_at() {
    let template = API.replace("acme/api:latest", "{{ .Values.image }}");
    let chart = "apiVersion: v2\nname: api\nversion: 0.1.0\n";
    let found = units(&[("chart/templates/api.yaml", &template), ("chart/Chart.yaml", chart)]);
    let [unit] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(
        (unit.platform.as_str(), unit.redundant, unit.kind),
        ("helm", Answer::Unknown, UnitKind::Unknown)
    );
    assert!(unit.unknowns.iter().all(|u| u.reason.contains("Helm")));
}

#[test]
fn what_is_for_development() {
    assert_eq!(units(&[("k8s/dev/api.yaml", API)])[0].development, Answer::Yes);
    assert!(units(&[("docs/api.yaml", API)]).is_empty());
}
