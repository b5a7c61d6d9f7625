extension Program {
    static let transfers = [
        Program(
            "curl",
            "-u: -U: -E: -b; --user: --proxy-user: --cookie; --cert: --proxy-cert: -Hh --headerh "
                + "--oauth2-bearer= --pass= --proxy-pass= --tlspassword= --proxy-tlspassword= "
                + "-d_ -F_ -o_ -X_ -x_ -A_ -e_ -T_ -c_ -K_ -w_ -m_ -r_ -C_ -Q_ -D_ -Y_ -y_ -z_ "
                + "--netrc-file_ --data_ --url_ +sSfLkivgGIjJlnNOpqRaB046#"),
        Program("wget|wget2|aria2c", "-O_ -P_ -o_ -e_ -U_ -i_ -a_"),
        Program("http|https|httpie|xh|xhs", "-a? --auth? -A_ --auth-type_ -p_"),
        Program(
            "smbclient", "-U% --user% -W_ -p_ -c_ -D_ -I_ -m_ -A_ -L_ #2w"),
        Program(
            "rpcclient|smbget|smbcacls|smbcquotas|smbspool|net|wbinfo", "-U% --user% -W_ -p_ -c_"),
        Program("samba-tool|winexe|wmic", "-U% --user%"),
        Program("samba-tool", "setpassword|create", "#3="),
        Program("net|net.exe", "user", "#2="),
        Program("lftp|open", "-u, -p_ -e$"),
        Program("ncftp*", "-p= -u_ -P_"),
        Program("ftp|tnftp|sftp|scp|autossh|mosh", "-P_ -p_ -i_ -o_ -F_ -l_ -c_ -J_ -S_ -u_"),
        Program(
            "ssh",
            "-p_ -i_ -l_ -o_ -F_ -L_ -R_ -D_ -J_ -b_ -c_ -E_ -m_ -O_ -Q_ -S_ -W_ -w_ -B_ -e_ -I_ "
                + "-a! -u_ #2$ +46AaCfGgKkMNnqsTtVvXxYy"),
        Program("sshpass", "-p= -f_ -d_ -P_ -e! -v! ."),
        Program("ssh-keygen", "-N= -P= -f_ -t_ -b_ -C_ -p! -I_ -n_ -s_ +qylev"),
        Program("ssh-keyscan|ssh-copy-id|ssh-add", "-p_ -i_"),
        Program("plink|pscp|psftp|putty|klink", "-pw= -P_ -l_ -i_ -p! *"),
        Program("winscp|winscp.com", "-password= -passphrase="),
        Program("ldappasswd", "-s= -a= -w= -D_ -H_ -W! -x! -S! +xvnZW"),
        Program("ldap*", "-w= -D_ -H_ -b_ -y_ -W! -x! -s_ -f_ -h_ -p_ +xvnLZWac"),
        Program("dsconf|dsidm|dsctl", "-w= -D_"),
        Program("mosquitto*", "-P= -u_ -h_ -p_ -t_ -m_ -i_ --pw="),
        Program("mqtt", "-pw= -u_ -t_ -m_"),
        Program("rabbitmqctl", "add_user|change_password|authenticate_user", "#2="),
        Program("rabbitmqadmin", "-p= -u_ -P_ -H_ -V_"),
        Program("xfreerdp*|wlfreerdp|sdl-freerdp", "/p= /u_ /v_"),
        Program("rdesktop", "-p= -u_ -d_ -g_"),
        Program("evil-winrm|nxc|netexec|crackmapexec|hydra|medusa", "-p= -u_ -i_ -d_ -H="),
        Program("psexec*|paexec", "-p= -u_"),
        Program("schtasks|schtasks.exe", "/rp= /p= /u_ /ru_"),
        Program("cmdkey|cmdkey.exe|runas", "/pass="),
        Program("wpa_passphrase", "#2="),
        Program("nmcli", "password", "#1="),
        Program("iw|iwconfig", "key", "#1="),
        Program("openvpn", "--auth-user-pass_ --askpass_ --secret_ --tls-auth_ *"),
        Program("openconnect", "--passwd-on-stdin<"),
        Program("ipmitool|ipmiutil|ipmi*", "-P= -p= -U_ -u_ -H_ -h_ -I_ -f_ -E!"),
        Program("snmp*", "-c= -A= -X= -a_ -x_ -l_ -u_ -v_ -O_"),
        Program("swaks", "-ap= -au_ --auth_ -a_ *"),
        Program("sendemail", "-xp= -xu_ *"),
        Program("yt-dlp|youtube-dl", "-p= -u_ -2= -o_"),
        Program("ab", "-A: -P: -H_ -n_ -c_"),
        Program("asterisk|fs_cli", "-p= -H_ -P_"),
        Program("s3cmd|s5cmd", "-c_"),
        Program("jmeter|wrk|hey|vegeta", "-a: -H_"),
        Program("megaput|megaget|megals|megacopy", "-p= -u_"),
        Program("davfs2|cadaver|calcurse-caldav", "-p="),
    ]
}
