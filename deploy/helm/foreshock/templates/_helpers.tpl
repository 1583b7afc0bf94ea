{{- define "foreshock.name" -}}
{{- printf "%s" .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- end }}

{{- define "foreshock.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
{{- end }}

{{/* A pod's identity: the call is (list $ "worker"). */}}
{{- define "foreshock.selector" -}}
app.kubernetes.io/name: foreshock
app.kubernetes.io/instance: {{ (index . 0).Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end }}

{{- define "foreshock.image" -}}
{{- $image := .Values.image -}}
{{- if not $image.repository }}{{ fail "image.repository is not set: build deploy/image/Dockerfile, push it, and name it here" }}{{ end -}}
{{- if $image.digest -}}
{{ $image.repository }}@{{ $image.digest }}
{{- else -}}
{{ $image.repository }}:{{ $image.tag | default .Chart.AppVersion }}
{{- end -}}
{{- end }}

{{- define "foreshock.podSecurity" -}}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  fsGroup: 10001
  seccompProfile: {type: RuntimeDefault}
{{- end }}

{{- define "foreshock.containerSecurity" -}}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: {drop: [ALL]}
{{- end }}

{{/* Settings that come from where the pod is, not from the file: they go over it. The call is (list $ "worker"). */}}
{{- define "foreshock.brokerEnv" -}}
{{- $values := (index . 0).Values -}}
{{- $user := index $values.secrets.kafkaUsers (index . 1) -}}
- {name: FORESHOCK_CONFIG, value: /etc/foreshock/config/foreshock.yaml}
{{- with $values.secrets.kafkaCa }}{{ if .name }}
- {name: FORESHOCK_BROKER__CA_FILE, value: /etc/foreshock/kafka-ca/{{ .key }}}
{{- end }}{{ end }}
{{- with $user.username }}
- {name: FORESHOCK_BROKER__USERNAME, value: {{ . | quote }}}
{{- end }}
{{- if and $user.secret (contains "SASL" (default "" $values.config.broker.security_protocol)) }}
- {name: FORESHOCK_BROKER__PASSWORD_FILE, value: /etc/foreshock/kafka-user/password}
{{- else if $user.secret }}
- {name: FORESHOCK_BROKER__CERT_FILE, value: /etc/foreshock/kafka-user/user.crt}
- {name: FORESHOCK_BROKER__KEY_FILE, value: /etc/foreshock/kafka-user/user.key}
{{- end }}
{{- end }}

{{- define "foreshock.mounts" -}}
{{- $secrets := (index . 0).Values.secrets -}}
- {name: config, mountPath: /etc/foreshock/config, readOnly: true}
- {name: tmp, mountPath: /tmp}
{{- if $secrets.kafkaCa.name }}
- {name: kafka-ca, mountPath: /etc/foreshock/kafka-ca, readOnly: true}
{{- end }}
{{- if (index $secrets.kafkaUsers (index . 1)).secret }}
- {name: kafka-user, mountPath: /etc/foreshock/kafka-user, readOnly: true}
{{- end }}
{{- end }}

{{- define "foreshock.volumes" -}}
{{- $secrets := (index . 0).Values.secrets -}}
- name: config
  configMap: {name: {{ include "foreshock.name" (index . 0) }}-config}
- name: tmp
  emptyDir: {sizeLimit: 64Mi}
{{- with $secrets.kafkaCa.name }}
- name: kafka-ca
  secret: {secretName: {{ . }}, defaultMode: 0440}
{{- end }}
{{- with (index $secrets.kafkaUsers (index . 1)).secret }}
- name: kafka-user
  secret: {secretName: {{ . }}, defaultMode: 0440}
{{- end }}
{{- end }}

{{- define "foreshock.spread" -}}
topologySpreadConstraints:
{{- range list "kubernetes.io/hostname" "topology.kubernetes.io/zone" }}
  - maxSkew: 1
    topologyKey: {{ . }}
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels: {{- include "foreshock.selector" $ | nindent 8 }}
{{- end }}
{{- end }}

{{- define "foreshock.placement" -}}
{{- with .nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .affinity }}
affinity: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* Name service and brokers: what every pod may reach. */}}
{{- define "foreshock.egress" }}
- ports: [{port: 53, protocol: UDP}, {port: 53, protocol: TCP}]
- ports:
    {{- range .kafkaPorts }}
    - {port: {{ . }}, protocol: TCP}
    {{- end }}
  {{- with .kafkaTo }}
  to: {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}
