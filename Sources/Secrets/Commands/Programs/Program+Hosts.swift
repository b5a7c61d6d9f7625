extension Program {
    static let hosts = [
        Program("sudo", "-S< -u_ -g_ -p_ -h_ -C_ -U_ . +AbEHnKkPisV"),
        Program("doas|env|nice|nohup|time|timeout|ionice|setsid|stdbuf|xargs|chrt", "-u_"),
        Program("su", "-c$"),
        Program("useradd|usermod|luseradd", "-p= -u_ -g_ -G_ -d_ -s_ -c_ -e_ -f_ -k_"),
        Program("adduser", "-u_"),
        Program("chpasswd", "<:"),
        Program("passwd", "< --stdin<"),
        Program("smbpasswd", "-w= -s< -a! -U% < +aexdn"),
        Program("htpasswd", "-bL -C_ -r_ +cinmBsdpDv25"),
        Program("mkpasswd", "#1= -m_ -S_ -R_ --method_ --salt_"),
        Program("slappasswd", "-s= -h_ -T_"),
        Program("doveadm", "-p= -u_ -s_"),
        Program("saslpasswd2|kinit", "< -u_ -t_ -k! -c_"),
        Program("kadmin|kadmin.local", "-w= -p_ -q$ -r_ -k! -t_"),
        Program("addprinc|cpw|change_password|ank", "-pw= *"),
        Program("virt-customize|virt-builder|virt-sysprep", "--root-password: --password:"),
        Program("virsh", "--base64="),
        Program("prosodyctl|ejabberdctl", "register|change_password|check_password", "#3="),
        Program("register_new_matrix_user", "-p= -u_ -k="),
        Program("erl|iex|rebar3|elixir", "-setcookie= --cookie= -sname_ -name_ *"),
        Program("expect|osascript|powershell|pwsh|python*|perl|ruby|node|php", "-c$ -e_ -u!"),
        Program("mount", "-u! -o_"),
        Program(
            "crontab|lsof|ps|top|pgrep|pkill|id|sort|cut|ls|date|find|grep|diff", "-u_ -p_ -H!"),
    ]
}
