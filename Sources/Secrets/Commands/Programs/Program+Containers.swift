extension Program {
    static let containers = [
        Program("docker|podman|nerdctl|finch", "login", "-p= -u_ --username_ --password-stdin<"),
        Program("docker|podman", "secret", "< -d_ -l_"),
        Program(
            "docker|podman|nerdctl|finch|docker-compose|podman-compose",
            "-u_ --user_ -p_ -e_ --env_ --name_ -v_ --volume_ --network_ -w_ -h_ --hostname_ "
                + "-f_ -l_ --label_ --secret& --secret-add& --secret-rm& --pass! --creds: "
                + "--group-add_ --privileged! +itd"),
        Program("buildah|skopeo|oras|crane|regctl|helm", "login", "-p= -u_ --password-stdin<"),
        Program("skopeo|buildah", "--creds: --src-creds: --dest-creds: --secret&"),
        Program("ctr|crictl", "-u: --user: --creds: --auth="),
        Program(
            "kubectl|oc|kustomize|k", "secret", "--from-literalk --from-file& --from-env-file&"),
        Program("kubectl|oc", "login", "-p= -u_"),
        Program("kubectl|oc|k|kustomize", "-p_ -n_ -f_ -l_ -o_ --user_ --token-file_"),
        Program("helm|helmfile", "--pass-credentials! --user_ -f_ -n_"),
        Program("argocd|kubeadm|flux|linkerd|istioctl|cilium|velero", "-n_"),
        Program("k3s|rke2|k3d", "-t= -s_"),
        Program("minikube|kind", "-p_"),
        Program("nomad", "put", "#*k"),
        Program("nsenter|unshare|chroot|lxc-attach|machinectl", "-u_ --user_"),
        Program("setpriv|runuser|gosu|su-exec|systemd-run|start-stop-daemon", "--user_ -u_ -c$"),
        Program("chown|install|chgrp|rsync|tar", "-u! --user_ -p! -e_"),
        Program("uwsgi|gunicorn|unicorn|supervisord|daemonize|nginx", "-u_ --user_"),
        Program("mosh|tmux|screen|watch|eval|parallel", "#1$"),
    ]
}
